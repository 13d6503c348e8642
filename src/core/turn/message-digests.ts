import { digestOf } from '../../digest.ts';
import type { ClientToolResult, ToolDecision } from './messages.ts';

type Decided = Pick<ToolDecision, 'action' | 'input' | 'content' | 'message' | 'grant' | 'cut'>;
type Result = Pick<ClientToolResult, 'content' | 'isError' | 'cut'>;

/** What a decision means: the same again is answered, another is refused. */
export function decisionDigest({ action, input, content, message, grant, cut }: Decided): string {
  return (
    cut?.messageDigest ??
    digestOf({ action, input, content, message, grant: action === 'always' ? grant : undefined })
  );
}

/** What a result means, and the name under which it is stored. */
export function resultDigest({ content, isError, cut }: Result): string {
  return cut?.messageDigest ?? digestOf({ content, isError: isError ?? false });
}
