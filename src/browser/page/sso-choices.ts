import { identityProviderOf } from '../site/identity-providers.ts';
import type { Control } from './frame-snapshot.ts';
import { PROVIDER_WORDS } from './provider-words.ts';
import { ASIDE, LOGIN, NEXT, RECOVER, SIGN_UP } from './words/button-words.ts';
import { EMAIL, LINK, PASSKEY, PASSWORD_METHOD, QR, SMS } from './words/method-words.ts';
import { anyWord } from './words/pattern.ts';

const WITH = anyWord('with, via, using, mit, über, avec, con, com, met, through');
const ENTER = anyWord(
  "sign ?in, sign-in, log ?in, login, continue, connect, anmelden, einloggen, fortfahren, weiter, connexion, connecter, continuer, s['’]identifier, iniciar sesión, continuar, acceder, entrar, accedi, continua, inloggen, doorgaan, go on",
);
const SSO = anyWord(
  'sso, single[ -]sign[ -]?on, saml, enterprise (login|sign-in), company (login|sign-in), firmen-?login',
);
const AUTH_PATH =
  /(^|[/=?&_.-])(o?auth2?|oauth|oidc|saml2?|sso|openid|authorize|social|federat[a-z]*|idp|provider|connect)([/=?&_.-]|$)/i;
/** In the path of a link, or in the id of a button, that leads to an identity provider of whatever name. */
const FEDERATION =
  /(^|[/_.-])(o?auth2?|oauth|oidc|saml2?|sso|openid(-connect)?|social|broker|federat[a-z]*|idp|identity-?providers?|external-?log-?in)([/_.-]|$)/i;
const SOCIAL_PAGES = anyWord(
  'follow, like us, share, find us, folgen, teilen, suivez, síguenos, app store, play store, google play',
);

/** Whether a button's words promise to log in at somebody else's. */
export function looksLikeSso(control: Control): boolean {
  return providerOf(control, false) !== undefined;
}

/**
 * The provider that a button or link leads to; undefined where it leads to none. `besideLogin`: the page asks for a
 * login, so a bare provider's name on a button is enough.
 */
export function providerOf(control: Control, besideLogin: boolean): string | undefined {
  const { label } = control;
  if (!['button', 'link'].includes(control.kind) || label.length > 80 || SOCIAL_PAGES.test(label))
    return undefined;
  const host = identityProviderOf(control.href);
  if (host !== undefined && AUTH_PATH.test(control.href)) return host;
  const named = PROVIDER_WORDS.find(({ words }) => words.test(label));
  if (named !== undefined && isEntrance(control, label, besideLogin)) return named.provider;
  if (SSO.test(label) && !ASIDE.test(label)) return 'sso';
  return unknownProvider(label) ?? (besideLogin ? bareProvider(control) : undefined);
}

function isEntrance(control: Control, label: string, besideLogin: boolean): boolean {
  if (ENTER.test(label) && WITH.test(label)) return true;
  if (AUTH_PATH.test(control.href) && !['footer', 'contentinfo'].includes(control.region)) return true;
  const bare =
    label.split(' ').length <= 2 && !['footer', 'contentinfo', 'nav', 'navigation'].includes(control.region);
  return besideLogin && bare && !/^https?:\/\/[^/]+(\/\w*)?$/.test(control.href);
}

function unknownProvider(label: string): string | undefined {
  if (
    !ENTER.test(label) ||
    !WITH.test(label) ||
    [EMAIL, LINK, PASSKEY, PASSWORD_METHOD, QR, SMS].some((way) => way.test(label))
  )
    return undefined;
  const rest = label.split(WITH).at(-1)?.replace(ENTER, ' ') ?? '';
  const word = /\p{L}[\p{L}\p{N}-]*/u.exec(rest.replace(FILLERS, ' '))?.[0];
  return word?.toLowerCase();
}

/** The provider of a control that is labelled with a bare name and leads to an address that identity providers use. */
function bareProvider({ label, href, id, region, submits }: Control): string | undefined {
  const words = label.match(/[\p{L}\p{N}]+/gu) ?? [];
  if (submits || words.length === 0 || words.length > 3) return undefined;
  if (['footer', 'contentinfo', 'nav', 'navigation'].includes(region)) return undefined;
  if ([ASIDE, LOGIN, NEXT, RECOVER, SIGN_UP, EMAIL, PASSKEY, SMS].some((other) => other.test(label)))
    return undefined;
  const path = URL.canParse(href) ? new URL(href).pathname : '';
  return FEDERATION.test(path) || FEDERATION.test(id) ? words.join('-').toLowerCase() : undefined;
}

const FILLERS =
  /(?<!\p{L})(your|my|an?|the|ihr(em|er)?|dein(em|er)?|einem|votre|tu|su|account|konto|compte|cuenta|code|id)(?!\p{L})/giu;
