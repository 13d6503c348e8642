import { z } from 'zod';
import { ConnectionId, Domain, Duration, durationMs, ProfileName } from '../contract/index.ts';
import { defineTool } from './define-tool.ts';
import { listConnections } from './profile/list-connections.ts';
import type { LoginState } from './profile/login-state.ts';
import { type LoginWait, waitForLogin } from './profile/wait-for-login.ts';
import type { Tool } from './tool.ts';

const MIN_WAIT = '1m';
const MAX_WAIT = '24h';
const DEFAULT_WAIT = '10m';

/** As a schema of the contract, but without its pattern: one in a catalogue is matched within a time that a busy machine may exceed. */
const like = (schema: z.ZodType<string>, fault: string) =>
  z.string().refine((text) => schema.safeParse(text).success, fault);

const WaitTime = Duration.refine((text) => {
  const ms = durationMs(text);
  return ms >= durationMs(MIN_WAIT) && ms <= durationMs(MAX_WAIT);
});

const FOREIGN = { list: ['connection', 'timeout'], wait: ['domain', 'profile'] } as const;

/** One object, not a union: providers take only schemas of `type: object`. */
const Input = z
  .strictObject({
    action: z.enum(['list', 'wait']),
    domain: Domain.optional().describe('With list: only connections to this host, such as example.com.'),
    profile: like(ProfileName, 'must be 1–255 letters, digits, ".", "_" or "-"')
      .optional()
      .describe('With list: only connections of the profile with this name.'),
    connection: like(ConnectionId, 'must be an id as the action list shows it')
      .optional()
      .describe('With wait: id of the connection, as list shows it.'),
    timeout: like(WaitTime, `must be a duration from ${MIN_WAIT} to ${MAX_WAIT}, such as 30m`)
      .optional()
      .describe(
        `With wait: longest time, such as 30m; ${MIN_WAIT} to ${MAX_WAIT}, ${DEFAULT_WAIT} by default.`,
      ),
  })
  .superRefine((input, context) => {
    const { action } = input;
    const add = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message });
    if (action === 'wait' && input.connection === undefined) {
      add('connection', 'is required with the action wait');
    }
    for (const field of FOREIGN[action]) {
      if (input[field] !== undefined) add(field, `does not go with the action ${action}`);
    }
  });

export interface BrowserProfileDeps {
  auth: LoginState;
  waiters: LoginWait['waiters'];
  now: () => Date;
  /** How often it looks unwoken at a connection that it waits for, in milliseconds. */
  lookMs: number;
}

/**
 * `browser_profile {action: list, domain?, profile?}`: which connections are logged in.
 * `browser_profile {action: wait, connection, timeout?}`: pauses the turn until one is.
 */
export function createBrowserProfile({ auth, waiters, now, lookMs }: BrowserProfileDeps): Tool {
  return defineTool({
    name: 'browser_profile',
    description:
      'Shows which browser profiles are logged in to which sites (action list), or pauses until a connection is logged in (action wait). A person logs in elsewhere; it never logs in itself and asks nobody to. Waiting may take hours and costs nothing.',
    input: Input,
    subjects: { domain: { kind: 'name' } },
    idempotent: true,
    gate: 'allow',
    scope: 'auth:read',
    timeoutMs: 30_000,
    async run({ action, domain, profile, connection = '', timeout = DEFAULT_WAIT }, context) {
      if (action === 'list') return await listConnections(auth, { domain, profile });
      return await waitForLogin({ auth, waiters, now, lookMs, connectionId: connection, timeout, context });
    },
  });
}
