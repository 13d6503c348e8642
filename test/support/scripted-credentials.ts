import type { AuthActivityDeps } from '../../src/activities/auth/deps.ts';
import type { ResolvedCredential } from '../../src/secrets/resolve-credential.ts';

/** The credential that a test stores, for the rig's site unless it says otherwise. */
export interface ScriptedCredential {
  current: (Omit<ResolvedCredential, 'domains'> & { domains?: string[] }) | undefined;
}

/** Credentials as a test sets them; what is saved goes to `kept`. */
export function scriptedCredentials(
  credential: ScriptedCredential,
  kept: Record<string, string>[],
): AuthActivityDeps['credentials'] {
  return {
    async facts() {
      const { current } = credential;
      if (!current) return { source: 'none', keys: [], hasTotpSecret: false };
      const { source, values, totpSecret } = current;
      return { source, keys: Object.keys(values), hasTotpSecret: totpSecret !== undefined };
    },
    resolve: async () => credential.current && { domains: ['site.example'], ...credential.current },
    get: async () => undefined,
    async create({ values }) {
      kept.push(values);
      return { created: true, credential: {} as never };
    },
    async overwrite(_id, values) {
      kept.push({ ...values });
      return true;
    },
  };
}
