import type {
  ConnectionSettings,
  CreateConnectionBody,
  UpdateConnectionBody,
} from '../../../contract/index.ts';

/** Seconds. */
const DEFAULT_INTERVAL_S = 3_600;

const DEFAULTS: ConnectionSettings = {
  allowedDomains: [],
  saveCredentials: true,
  healthChecks: true,
  autoReauth: true,
  healthCheckIntervalS: DEFAULT_INTERVAL_S,
};

/** Settings of a new connection. */
export function settingsOf(body: CreateConnectionBody): ConnectionSettings {
  const { domain: _domain, profile_name: _profile, ...settings } = body;
  return changeSettings(DEFAULTS, settings);
}

/** Settings with what the body names replaced; an empty `login_url` clears it. */
export function changeSettings(before: ConnectionSettings, body: UpdateConnectionBody): ConnectionSettings {
  const { loginUrl: oldUrl, credential: oldCredential, ...rest } = before;
  const loginUrl = body.login_url ?? oldUrl;
  const credential = body.credential ?? oldCredential;
  return {
    ...rest,
    ...(loginUrl && { loginUrl }),
    ...(credential && { credential }),
    allowedDomains: body.allowed_domains ?? before.allowedDomains,
    saveCredentials: body.save_credentials ?? before.saveCredentials,
    healthChecks: body.health_checks ?? before.healthChecks,
    autoReauth: body.auto_reauth ?? before.autoReauth,
    healthCheckIntervalS: body.health_check_interval ?? before.healthCheckIntervalS,
  };
}
