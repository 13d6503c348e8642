import {
  type ConnectionSettings,
  type CreateConnectionBody,
  mayAct,
  type UpdateConnectionBody,
} from '../../../contract/index.ts';
import { isWithin } from '../../../secrets/credential-places.ts';
import type { Caller } from '../../plugins/bearer.ts';
import { ApiProblem } from '../../problems.ts';
import { admitReturn, type ReturnRules } from '../hosted/return-rules.ts';

/** Seconds. */
const DEFAULT_INTERVAL_S = 3_600;

const DEFAULTS: ConnectionSettings = {
  allowedDomains: [],
  saveCredentials: true,
  healthChecks: true,
  autoReauth: true,
  healthCheckIntervalS: DEFAULT_INTERVAL_S,
};

/** A connection whose settings are changed, and who does so. */
export interface Changing {
  domain: string;
  caller: Pick<Caller, 'name' | 'scopes'>;
  /** Where the hosted page may send people. */
  returns: ReturnRules;
}

/** Settings of a new connection. */
export function settingsOf(
  body: CreateConnectionBody,
  changing: Omit<Changing, 'domain'>,
): ConnectionSettings {
  const { domain, profile_name: _profile, ...settings } = body;
  return changeSettings(DEFAULTS, settings, { ...changing, domain });
}

/**
 * Settings with what the body names replaced; an empty `login_url`, `success_url` or `language` clears it. Throws `forbidden` where the connection
 * would lead to hosts beyond its domain by the word of somebody who may not write credentials,
 * `validation_failed` where people may not be sent to `success_url`.
 */
export function changeSettings(
  before: ConnectionSettings,
  body: UpdateConnectionBody,
  changing: Changing,
): ConnectionSettings {
  const {
    loginUrl: oldUrl,
    credential: oldCredential,
    vouched: _vouched,
    successUrl,
    language,
    ...rest
  } = before;
  const hosted = { successUrl, language };
  const loginUrl = body.login_url ?? oldUrl;
  const credential = body.credential ?? oldCredential;
  refuseWidening(before, body, changing);
  const vouched = vouchedAfter(before, body, changing);
  return {
    ...rest,
    ...(loginUrl && { loginUrl }),
    ...(credential && { credential }),
    ...(vouched.length > 0 && { vouched }),
    ...hostedAfter(hosted, body, changing),
    allowedDomains: body.allowed_domains ?? before.allowedDomains,
    saveCredentials: body.save_credentials ?? before.saveCredentials,
    healthChecks: body.health_checks ?? before.healthChecks,
    autoReauth: body.auto_reauth ?? before.autoReauth,
    healthCheckIntervalS: body.health_check_interval ?? before.healthCheckIntervalS,
  };
}

/** What the hosted page of its logins is set to. */
function hostedAfter(
  before: { [K in 'successUrl' | 'language']: ConnectionSettings[K] | undefined },
  { success_url: url = before.successUrl, language = before.language }: UpdateConnectionBody,
  { returns }: Changing,
): Pick<ConnectionSettings, 'successUrl' | 'language'> {
  const isNew = url !== before.successUrl;
  return {
    ...(url && { successUrl: isNew ? admitReturn(url, returns) : url }),
    ...(language && { language }),
  };
}

function refuseWidening(
  { allowedDomains }: ConnectionSettings,
  { allowed_domains: named = [] }: UpdateConnectionBody,
  { domain, caller }: Changing,
): void {
  const isWider = named.some((host) => !allowedDomains.includes(host) && !isWithin(host, domain));
  if (!isWider || mayAct(caller, 'credentials:write')) return;
  throw new ApiProblem(
    'forbidden',
    `allowed_domains beyond the connection's own domain need the scope credentials:write, which the token "${caller.name}" lacks.`,
    {
      headers: {
        'www-authenticate': 'Bearer realm="longturn", error="insufficient_scope", scope="credentials:write"',
      },
    },
  );
}

/** Hosts named now by somebody who may write credentials, and those of before that still are named. */
function vouchedAfter(
  before: ConnectionSettings,
  { allowed_domains: domains, login_url: loginUrl }: UpdateConnectionBody,
  { caller }: Changing,
): string[] {
  const loginHost = (url: string | undefined) => (url ? [new URL(url).host] : []);
  const still = [...(domains ?? before.allowedDomains), ...loginHost(loginUrl ?? before.loginUrl)];
  const kept = (before.vouched ?? []).filter((host) => still.includes(host));
  const named = mayAct(caller, 'credentials:write') ? [...(domains ?? []), ...loginHost(loginUrl)] : [];
  return [...new Set([...kept, ...named])];
}
