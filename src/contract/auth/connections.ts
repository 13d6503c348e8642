import { z } from 'zod';
import { upToPattern, without } from '../documented.ts';
import { NAME_PATTERN } from '../ids.ts';
import { Instant } from '../json.ts';
import { Stuck } from '../stuck.ts';
import { FlowId, FlowView } from './flow.ts';
import { HostedLanguage, ReturnState, SuccessUrl } from './hosted.ts';
import { ConnectionStatus, FlowType, ReauthReason } from './vocabulary.ts';

export const ConnectionId = z.string().regex(NAME_PATTERN).describe('Id of an auth connection.');

const HOST_LABELS = /^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*$/;
/** What {@link Domain} takes, for the API's document. */
const DOMAIN_PATTERN = `[A-Za-z0-9][A-Za-z0-9-]*(\\.[A-Za-z0-9-]+)*(:${upToPattern(65_535)})?`;

/** `example.com`, `localhost:4600`: a host, with a port where it is not the usual one. */
export const Domain = z
  .string()
  .max(255)
  .transform((text) => text.trim().toLowerCase())
  .refine((text) => {
    const [host = '', port, ...more] = text.split(':');
    const isPort =
      port === undefined || (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535);
    return more.length === 0 && isPort && HOST_LABELS.test(host);
  }, 'must be host or host:port, without https://, such as example.com')
  .describe('Host, with a port where one is given.');

/** The same, with its pattern in the document. A model's tool is described without one. */
export const GivenDomain = Domain.meta({
  pattern: `^${DOMAIN_PATTERN}$`,
  description: 'Host, with a port where one is given.',
});

/** As {@link Domain}, or `*.example.com` for all hosts below it. */
export const AllowedDomain = z
  .string()
  .max(255)
  .refine((text) => Domain.safeParse(text.replace(/^\*\./, '')).success, 'must be host, host:port or *.host')
  .transform((text) => text.trim().toLowerCase())
  .meta({ pattern: `^(\\*\\.)?${DOMAIN_PATTERN}$` });

/** Vendor-compatible names: 1–255 letters, digits, ".", "_", "-". */
export const ProfileName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,255}$/, 'must be 1–255 letters, digits, ".", "_" or "-"');

/** Where values come from: a stored credential by name, or a provider's item by path or by the domain. */
export const CredentialReference = z
  .strictObject({
    name: z.string().min(1).max(255).optional(),
    provider: z.string().min(1).max(255).optional(),
    path: z.string().min(1).max(500).optional(),
    auto: z.boolean().optional(),
  })
  .refine(
    ({ name, provider, path, auto }) =>
      name === undefined
        ? provider !== undefined && (path !== undefined) !== (auto === true)
        : !provider && !path && !auto,
    'must be {name}, or {provider, path}, or {provider, auto: true}',
  )
  .meta({
    anyOf: [
      { required: ['name'], properties: without('provider', 'path', 'auto') },
      { required: ['provider', 'path'], properties: { ...without('name'), auto: { const: false } } },
      { required: ['provider', 'auto'], properties: { ...without('name', 'path'), auto: { const: true } } },
    ],
  });
export type CredentialReference = z.infer<typeof CredentialReference>;

const LoginUrl = z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(2_000)]);
const Interval = z.number().int().min(300).max(86_400).describe('Seconds between health checks, 300–86400.');

/** What of the browser can be chosen. Proxies, telemetry and recordings are not offered here. */
const BrowserOptions = z.strictObject({ stealth: z.boolean().optional() });
const Telemetry = z.null().optional().describe('Not offered: null or absent.');
const RecordSession = z.literal(false, 'recordings are not offered: leave it out, or false').optional();

const settings = {
  login_url: LoginUrl.optional(),
  allowed_domains: z.array(AllowedDomain).max(50).optional(),
  credential: CredentialReference.optional(),
  save_credentials: z.boolean().optional(),
  health_checks: z.boolean().optional(),
  auto_reauth: z.boolean().optional(),
  health_check_interval: Interval.optional(),
  record_session: RecordSession,
  browser_telemetry: Telemetry,
  browser: BrowserOptions.optional(),
  success_url: z.union([z.literal(''), SuccessUrl]).optional(),
  language: z
    .union([z.literal(''), HostedLanguage])
    .optional()
    .describe("Language of the hosted page; empty: the browser's."),
};

export const CreateConnectionBody = z.strictObject({
  domain: GivenDomain,
  profile_name: ProfileName,
  ...settings,
});
export type CreateConnectionBody = z.infer<typeof CreateConnectionBody>;

export const UpdateConnectionBody = z.strictObject(settings);
export type UpdateConnectionBody = z.infer<typeof UpdateConnectionBody>;

export const LoginBody = z
  .strictObject({
    record_session: RecordSession,
    browser_telemetry: Telemetry,
    browser: BrowserOptions.optional(),
    success_url: SuccessUrl.optional(),
    state: ReturnState.optional(),
  })
  .nullish();

export const LoginAnswer = z.object({
  id: ConnectionId,
  flow_id: FlowId,
  flow_type: FlowType,
  flow_expires_at: Instant,
  hosted_url: z.string().describe('A page for a person; whoever has it can answer this flow.'),
  handoff_code: z.string().optional().describe('One-time, in exchange for a session JWT.'),
});
export type LoginAnswer = z.infer<typeof LoginAnswer>;

/** What a connection is set to. */
export interface ConnectionSettings {
  loginUrl?: string;
  allowedDomains: string[];
  /** Those of its hosts that were named by somebody who may write credentials: stored values may go there, too. */
  vouched?: string[];
  credential?: CredentialReference;
  saveCredentials: boolean;
  healthChecks: boolean;
  autoReauth: boolean;
  /** Seconds. */
  healthCheckIntervalS: number;
  /** Where the hosted page sends people back to, unless a login says otherwise. */
  successUrl?: string;
  /** Of the hosted page; absent: the browser's. */
  language?: HostedLanguage;
}

/** The flow part is null as long as there was no flow. */
const nullable = <T extends z.ZodRawShape>(shape: T) =>
  Object.fromEntries(
    Object.entries(shape).map(([key, type]) => [key, (type as z.ZodType).nullable()]),
  ) as unknown as { [K in keyof T]: z.ZodNullable<T[K]> };

export const ManagedAuth = z.object({
  id: ConnectionId,
  domain: z.string(),
  profile_name: z.string(),
  status: ConnectionStatus,
  save_credentials: z.boolean(),
  record_session: z.boolean(),
  allowed_domains: z.array(z.string()),
  auto_reauth: z.boolean(),
  health_checks: z.boolean(),
  health_check_interval: z.number().int(),
  can_reauth: z.boolean(),
  can_reauth_reason: ReauthReason,
  credential: CredentialReference.optional(),
  login_url: z.string().optional(),
  success_url: z.string().optional(),
  language: z.string().optional(),
  last_auth_check_at: Instant.optional(),
  last_auth_at: Instant.optional().describe('The same instant under its older name.'),
  ...nullable(FlowView.shape),
  post_login_url: z.string().optional(),
  stuck: Stuck.optional().describe(
    'Why the login, or where none is in progress the connection, does not come on. Only `GET` of one connection tells it.',
  ),
});
export type ManagedAuth = z.infer<typeof ManagedAuth>;

/** A connection as a model may see it: no capability, no text of the site, no field list. */
export const SafeConnection = z.object({
  id: ConnectionId,
  domain: z.string(),
  status: ConnectionStatus,
  flow_id: ManagedAuth.shape.flow_id,
  revision: ManagedAuth.shape.revision,
  flow_status: ManagedAuth.shape.flow_status,
  flow_step: ManagedAuth.shape.flow_step,
  flow_type: ManagedAuth.shape.flow_type,
  flow_expires_at: ManagedAuth.shape.flow_expires_at,
  error_code: ManagedAuth.shape.error_code,
  message: z.string().describe('One fixed sentence for the state.'),
});
export type SafeConnection = z.infer<typeof SafeConnection>;
