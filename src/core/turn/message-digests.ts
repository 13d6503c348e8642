import { digestOf } from '../../digest.ts';
import type { ClientToolResult, ToolDecision } from './messages.ts';

/** What a decision consists of, as a message or as the body of a request. */
export type Decided = Pick<ToolDecision, 'action'> &
  Loose<Pick<ToolDecision, 'input' | 'content' | 'message' | 'cut'>> & { grant?: object | undefined };
type Result = Pick<ClientToolResult, 'content'> & Loose<Pick<ClientToolResult, 'isError' | 'cut'>>;
type Loose<T> = { [K in keyof T]?: T[K] | undefined };

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
