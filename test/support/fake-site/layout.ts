import { type Html, html, script } from './html.ts';
import { styles } from './styles.ts';
import type { Visit } from './visit.ts';

/** The language a page is written in. */
export type Language = 'en' | 'de';

/** What a page is made of. */
export interface PageParts {
  lang: Language;
  title: string;
  main: Html;
  brand?: string;
  /** CSS colour. */
  accent?: string;
  /** What stands at the right of the header. */
  corner?: Html | undefined;
  /**
   * What is around the content: `shop` has a search box, a newsletter form and a cookie banner, `app` a search box
   * and a plain footer, `bare` nothing. Default `shop`.
   */
  frame?: 'shop' | 'app' | 'bare';
  wide?: boolean;
}

const words = {
  en: {
    pricing: 'Pricing',
    help: 'Help',
    search: 'Search',
    newsletter: 'Get our newsletter',
    subscribe: 'Subscribe',
    cookies: 'We use cookies to make this site better.',
    accept: 'Accept all',
    refuse: 'Only necessary',
    imprint: 'Terms · Privacy',
  },
  de: {
    pricing: 'Preise',
    help: 'Hilfe',
    search: 'Suche',
    newsletter: 'Newsletter: Ihre E-Mail-Adresse',
    subscribe: 'Abonnieren',
    cookies: 'Wir verwenden Cookies, um diese Seite zu verbessern.',
    accept: 'Alle akzeptieren',
    refuse: 'Nur notwendige',
    imprint: 'Impressum · Datenschutz',
  },
} as const;

/** A whole page. */
export function page(visit: Visit, parts: PageParts): Html {
  const { frame = 'shop', brand = 'Northwind', accent = '#2457c5' } = parts;
  return html`<!doctype html>
<html lang="${parts.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${parts.title} – ${brand}</title>
<link rel="icon" href="data:,">
<style>:root{--accent:${accent}}${{ markup: styles }}</style>
</head>
<body>
${frame !== 'bare' && header(visit, brand, parts)}
<main${parts.wide === true && { markup: ' class="wide"' }}>${parts.main}</main>
${frame !== 'bare' && footer(visit, parts.lang, frame)}
${frame === 'shop' && cookieBanner(parts.lang)}
</body>
</html>
`;
}

function header(visit: Visit, brand: string, { lang, corner }: PageParts): Html {
  const text = words[lang];
  return html`<header class="top"><a class="brand" href="${visit.base}/">${brand}</a>
<nav><a href="#pricing">${text.pricing}</a><a href="#help">${text.help}</a></nav>
<form role="search" action="${visit.base}/search"><input type="search" name="q" placeholder="${text.search}" aria-label="${text.search}"></form>
${corner}</header>`;
}

function footer(visit: Visit, lang: Language, frame: 'shop' | 'app'): Html {
  const text = words[lang];
  const newsletter = html`<form method="post" action="${visit.base}/newsletter"><label>${text.newsletter}
<input type="email" name="newsletter_email" autocomplete="email" placeholder="name@example.com"></label>
<button class="plain">${text.subscribe}</button></form>`;
  return html`<footer class="bottom">${frame === 'shop' && newsletter}<span>${text.imprint}</span></footer>`;
}

function cookieBanner(lang: Language): Html {
  const text = words[lang];
  return html`<aside class="cookies" id="cookie-banner"><span>${text.cookies}</span><br>
<button type="button">${text.accept}</button><button type="button">${text.refuse}</button></aside>
${script(`document.getElementById('cookie-banner').addEventListener('click', function (event) {
  if (event.target.tagName === 'BUTTON') this.remove();
});`)}`;
}
