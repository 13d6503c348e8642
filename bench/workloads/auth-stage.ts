import type { ManagedAuth } from '../../src/contract/auth/index.ts';
import { type AuthClient, createAuthClient } from '../../test/support/auth-client.ts';
import { bodyFor } from '../../test/support/auth-person.ts';
import { defaultUser } from '../../test/support/fake-site/accounts.ts';
import { type FakeSite, startFakeSite } from '../../test/support/fake-site/fake-site.ts';
import { type AuthEye, openAuthEye } from '../client/auth-eye.ts';
import { type LongturnOptions, type LongturnSystem, startLongturn } from '../system/longturn.ts';

/** User name and password on one page, answered at once. */
export const SCENARIO = 'combined';
export const PASSWORDS = { right: defaultUser.password, wrong: 'not the one' } as const;

/** Longturn, and a site on this machine that its browser may reach. */
export interface AuthStage extends AsyncDisposable {
  site: FakeSite;
  system: LongturnSystem;
  auth: AuthClient;
  eye: AuthEye;
}

/** Nobody is disturbed by the end of a wait while the bench measures something else. */
const PATIENCE_MS = String(3_600_000);

export async function startAuthStage({ env, ...options }: LongturnOptions = {}): Promise<AuthStage> {
  const running = new AsyncDisposableStack();
  try {
    const site = running.use(await startFakeSite());
    const system = running.use(
      await startLongturn({
        ...options,
        env: {
          LONGTURN_BROWSER_ALLOW: site.host,
          LONGTURN_AUTH_INPUT_TIMEOUT_MS: PATIENCE_MS,
          LONGTURN_AUTH_FLOW_TIMEOUT_MS: PATIENCE_MS,
          LONGTURN_AUTH_PARK_AFTER_MS: PATIENCE_MS,
          ...env,
        },
      }),
    );
    const auth = createAuthClient(system.baseUrl, system.token);
    const eye = running.use(openAuthEye(system.dataDir));
    return { site, system, auth, eye, [Symbol.asyncDispose]: () => running.disposeAsync() };
  } catch (error) {
    await running.disposeAsync();
    throw error;
  }
}

/** Long enough for a machine on which everything else runs as well. */
const ASKED_WITHIN_MS = 120_000;

/** Begins a login of a new profile; answers what it asks first. */
export async function askFirst({ auth, site }: AuthStage): Promise<ManagedAuth> {
  const { id } = await auth.create({
    domain: site.host,
    profile_name: `bench-${crypto.randomUUID()}`,
    login_url: site.loginUrl(SCENARIO),
  });
  await auth.login(id);
  return await auth.asked(id, null, ASKED_WITHIN_MS);
}

/** Answers what is shown; resolves once it is accepted. */
export async function answer(
  { auth }: AuthStage,
  connectionId: string,
  view: Pick<ManagedAuth, 'fields' | 'choices' | 'interaction_id'>,
  password: string,
): Promise<void> {
  const body = bodyFor(view as ManagedAuth, { username: defaultUser.username, password });
  const { status, text } = await auth.submit(connectionId, body);
  if (status !== 202) throw new Error(`submit of ${connectionId}: ${status} ${text}`);
}
