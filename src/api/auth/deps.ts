import type { Credentials } from '../../secrets/credentials.ts';
import type { Keyring } from '../../secrets/keyring.ts';
import type { AuthGateway, FlowLimits } from '../../temporal/auth/auth-gateway.ts';
import type { HostedSettings } from './hosted/settings.ts';
import type { FlowStreams } from './stream/flow-streams.ts';

declare module '../deps.ts' {
  /** What managed auth needs beside the kernel's. */
  interface ApiDeps {
    authGateway: AuthGateway;
    flowStreams: FlowStreams;
    /** Signs the session tokens of people who answer a login. */
    keyring: Keyring;
    credentials: Credentials;
    auth: {
      limits: FlowLimits;
      /** How many days a report of a page is kept. */
      reportDays: number;
      /** Where people reach this API, without a slash at its end; known once it listens. */
      publicUrl(): string;
      hosted: HostedSettings;
    };
  }
}
