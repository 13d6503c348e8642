import { type Failure, mayAct } from '../../contract/index.ts';
import type { Store } from '../../store/store.ts';
import type { Tool } from '../../tools/tool.ts';

/**
 * Why a tool is not executed: it reaches what the token that started the turn may not. The scopes are those that the token had
 * then, and has still: whoever steers, decides or answers adds none. A token that was deleted since was revoked, so that a turn of a
 * leaked one reads no further; one that has expired since was in force when it asked, and what it asked for goes on. Turns that
 * were admitted before scopes were kept have no bound: they are as they were when they were parked.
 */
export async function scopeRefusal(
  { turns, tokens }: Pick<Store, 'turns' | 'tokens'>,
  turnId: string,
  tool: Pick<Tool, 'name' | 'scope'> | undefined,
): Promise<Failure | undefined> {
  if (tool?.scope === undefined) return undefined;
  const { name, scope } = tool;
  const acting = (await turns.get(turnId))?.acting;
  if (!acting) return undefined;
  const token = await tokens.get(acting.tokenId);
  if (!token) {
    const message = `The token that started this turn was deleted, and ${name} needs its scope ${scope}. Nobody can give it back to this turn; a new turn, a retry or a rerun acts for the token that asks for it.`;
    return { code: 'token_revoked', message };
  }
  if (mayAct(acting, scope) && mayAct(token, scope)) return undefined;
  const message = `The token that started this turn lacks the scope ${scope}, which ${name} needs. Go on without it, or say that a turn has to be started with a token that has it.`;
  return { code: 'scope_missing', message };
}
