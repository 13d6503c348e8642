import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { type Keyring, signingKey, verifyingKey } from '../../secrets/keyring.ts';
import { VaultError } from '../../secrets/vault.ts';
import type { HandoffRecord } from '../../store/auth-store.ts';
import type { ApiDeps } from '../deps.ts';

const PURPOSE = 'flow-session';
const ISSUER = 'longturn';
const AUDIENCE = 'longturn:auth';
/** A session can be read for this long at least, and for so long after the flow's deadline, in milliseconds. */
const SHORTEST_MS = 30 * 60_000;
const AFTER_DEADLINE_MS = 10 * 60_000;
const REMEMBERED = 10_000;

/** Whoever exchanged a hand-off code: may read and answer one flow of one connection. */
export interface FlowSession {
  connectionId: string;
  flowId: string;
  /** Hash of the code that the session was made of. */
  codeHash: string;
}

/** Session tokens (JWT) of people who answer a login. */
export interface FlowSessions {
  /** The token of an exchanged code: the same bytes each time. */
  issue(handoff: HandoffRecord & { exchangedAt: string }): Promise<string>;
  /** The session of a token; `expired` when it is past its time, undefined when it is none of ours. */
  verify(jwt: string): Promise<FlowSession | 'expired' | undefined>;
  /** Notes that a session was used; from then on its code is answered no more. */
  use(session: FlowSession): Promise<void>;
}

const Claims = z.object({
  sub: z.string().min(1),
  jti: z.string().min(1),
  managed_auth_session_id: z.string().min(1),
});

/** Whether a bearer secret has the form of a session token; API tokens hold no dots. */
export function looksLikeSession(secret: string): boolean {
  return /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(secret);
}

export function createFlowSessions({
  keyring,
  store,
  now,
}: Pick<ApiDeps, 'keyring' | 'store' | 'now'>): FlowSessions {
  const usedHere = new Set<string>();
  return {
    issue(handoff) {
      const { id, key } = signingKey(keyring, PURPOSE);
      return new SignJWT({ managed_auth_session_id: handoff.flowId })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: id })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(handoff.connectionId)
        .setJti(handoff.codeHash)
        .setIssuedAt(seconds(Date.parse(handoff.exchangedAt)))
        .setExpirationTime(seconds(expiryMs(handoff)))
        .sign(key);
    },
    verify: (jwt) => verify(keyring, jwt, now()),
    async use({ codeHash }) {
      if (usedHere.has(codeHash)) return;
      await store.auth.handoffs.used(codeHash, now().toISOString());
      if (usedHere.size >= REMEMBERED) usedHere.clear();
      usedHere.add(codeHash);
    },
  };
}

async function verify(keyring: Keyring, jwt: string, at: Date): Promise<FlowSession | 'expired' | undefined> {
  try {
    const { payload } = await jwtVerify(jwt, ({ kid = '' }) => verifyingKey(keyring, PURPOSE, kid), {
      algorithms: ['HS256'],
      issuer: ISSUER,
      audience: AUDIENCE,
      requiredClaims: ['exp'],
      currentDate: at,
    });
    const claims = Claims.safeParse(payload).data;
    return (
      claims && {
        connectionId: claims.sub,
        flowId: claims.managed_auth_session_id,
        codeHash: claims.jti,
      }
    );
  } catch (error) {
    if (error instanceof errors.JWTExpired) return 'expired';
    if (error instanceof errors.JOSEError || error instanceof VaultError) return undefined;
    throw error;
  }
}

function expiryMs({ exchangedAt, expiresAt }: { exchangedAt: string; expiresAt: string }): number {
  return Math.max(Date.parse(exchangedAt) + SHORTEST_MS, Date.parse(expiresAt) + AFTER_DEADLINE_MS);
}

function seconds(ms: number): number {
  return Math.floor(ms / 1_000);
}
