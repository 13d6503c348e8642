import { z } from 'zod';
import { TokenId } from './ids.ts';
import { Instant } from './json.ts';

/** Flat scopes; `admin` implies all and makes tokens. */
export const Scope = z.enum([
  'turns:read',
  'turns:write',
  'approvals:decide',
  'notes:read',
  'notes:write',
  'auth:read',
  'auth:write',
  'credentials:write',
  'webhooks:write',
  'agents:write',
  'audit:read',
  'admin',
]);
export type Scope = z.infer<typeof Scope>;

/** Whether whoever has these scopes may do what asks for that one; `admin` may do everything. */
export function mayAct({ scopes }: { scopes: readonly Scope[] }, scope: Scope): boolean {
  return scopes.includes(scope) || scopes.includes('admin');
}

export const Token = z.object({
  id: TokenId,
  name: z.string(),
  scopes: z.array(Scope),
  createdAt: Instant,
  expiresAt: Instant.optional(),
  lastUsedAt: Instant.optional(),
});
export type Token = z.infer<typeof Token>;

export const CreateTokenBody = z.strictObject({
  name: z.string().min(1).max(100),
  scopes: z.array(Scope).min(1),
  expiresAt: Instant.optional(),
});
export type CreateTokenBody = z.infer<typeof CreateTokenBody>;

/** The answer to `POST /v1/tokens`: the only time the secret is shown. */
export const CreatedToken = Token.extend({ token: z.string() });
