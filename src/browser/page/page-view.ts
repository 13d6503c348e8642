import type { FlowErrorCode, PageField, PageView } from '../../contract/index.ts';
import type { PageReading } from './page-reading.ts';

/** What the caller knows beside the reading. */
export interface ViewContext {
  /** The complaint since the last act. */
  websiteError?: string | undefined;
  countsAttempts?: boolean | undefined;
  /** Set while the page belongs to an SSO provider. */
  ssoProvider?: string | undefined;
}

/**
 * A reading as the rest of the system sees it. Whether it is logged in was decided before. A page that asks for nothing
 * is `blocked` with `login_form_not_found`.
 */
export function toPageView(reading: PageReading, context: ViewContext = {}): PageView {
  const { websiteError, countsAttempts, ssoProvider } = context;
  const { fields, choices, fingerprint, external, blocked } = reading;
  const url = shownUrl(reading.url);
  const said = websiteError ?? browserComplaint(fields);
  const error = said === undefined ? {} : { websiteError: said };
  const sso = ssoProvider === undefined ? {} : { ssoProvider };
  if (blocked !== undefined) return { kind: 'blocked', code: blocked, ...detailOf(blocked), ...error, url };
  if (external !== undefined)
    return { kind: 'external', fingerprint, ...external, fields, choices, ...sso, url };
  if (reading.purpose === 'none') return { kind: 'blocked', code: 'login_form_not_found', ...error, url };
  const counts = countsAttempts === true ? { countsAttempts } : {};
  return { kind: 'form', fingerprint, fields, choices, ...error, ...counts, ...sso, url };
}

/** What the browser itself says against the fields; the site has not been asked. */
function browserComplaint(fields: readonly PageField[]): string | undefined {
  const said = fields.flatMap(({ label, validationMessage }) =>
    validationMessage === undefined ? [] : [`${label}: ${validationMessage}`],
  );
  return said.length === 0 ? undefined : said.join(' ');
}

/** What a page lets nobody in without, in codes that came later than those beside them. */
function detailOf(blocked: FlowErrorCode): Pick<Extract<PageView, { kind: 'blocked' }>, 'detail'> {
  if (blocked === 'captcha_blocked') return { detail: 'captcha_required' };
  return blocked === 'unsupported_auth_method' ? { detail: 'passkey_required' } : {};
}

/** Origin and path: query and fragment may hold tokens. */
function shownUrl(url: string): string {
  if (!URL.canParse(url)) return '';
  const { origin, pathname } = new URL(url);
  return origin === 'null' ? '' : `${origin}${pathname}`;
}
