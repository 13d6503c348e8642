import type { FakeSiteControls } from './controls.ts';
import type { Gate } from './gates.ts';

type Later<Call> = Call extends (...args: infer Args) => infer Result
  ? (...args: Args) => Promise<Result>
  : never;

/** The controls of a fake site in another process. */
export type RemoteControls = {
  [Name in Exclude<keyof FakeSiteControls, 'holdNextPost'>]: Later<FakeSiteControls[Name]>;
} & {
  holdNextPost(scenario: string): Promise<Omit<Gate, 'release'> & { release(): Promise<void> }>;
};

/** Controls a fake site over HTTP; `origin` is its `http://host:port`. */
export function controlFakeSite(origin: string): RemoteControls {
  const call = async <T>(action: string, body: Record<string, unknown> = {}): Promise<T> => {
    const response = await fetch(`${origin}/__control/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as { result: T; error?: string };
    if (answer.error !== undefined) throw new Error(`The fake site refused "${action}": ${answer.error}`);
    return answer.result;
  };
  return {
    attempts: (scenario) => call('attempts', { scenario }),
    damage: () => call('damage'),
    messages: () => call('messages'),
    lastCode: async (scenario, user) => (await call('last-code', { scenario, user })) ?? undefined,
    sessions: (scenario) => call('sessions', { scenario }),
    approvePush: () => call('approve-push'),
    openMagicLink: () => call('open-magic-link'),
    expireSessions: (scenario, user) => call('expire-sessions', { scenario, user }),
    setSlow: (ms) => call('slow', { ms }),
    setSessionSeconds: (seconds) => call('session-seconds', { seconds }),
    reset: () => call('reset'),
    async holdNextPost(scenario) {
      const id = await call<number>('hold', { scenario });
      return { arrived: call('hold-arrived', { id }), release: () => call('release', { id }) };
    },
  };
}
