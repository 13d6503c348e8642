import type { ConsentWords } from './consent-words.ts';

/** Swedish, Norwegian, Danish, Finnish. */
export const NORDIC: Record<'nordic', ConsentWords> = {
  nordic: {
    about: [
      'cookies?',
      'kakor',
      'informasjonskapsler',
      'ev[äa]ste\\p{L}*',
      'samtycke\\p{L}*',
      'samtykke\\p{L}*',
      'suostumu\\p{L}*',
      'personuppgifter',
      'personvern',
      'privatliv\\p{L}*',
      'tietosuoja\\p{L}*',
      'yksityisyy\\p{L}*',
    ],
    reject: [
      '(?:nej|nei)?,? ?(?:avvisa|avvis|afvis|avb[öo]j|neka|nekt|n[æa]gt|till[åa]t inte|ikke tillad)(?: (?:alla|alle|allt|alt))?(?: (?:kakor|cookies|informasjonskapsler))?',
      '(?:forts[äa]tt|fortsett|forts[æa]t) (?:utan|uten|uden) (?:att godk[äa]nna|[åa] godta|at acceptere|samtycke|samtykke)',
      '(?:nej|nei) ?(?:tack|takk|tak)',
      '(?:hylk[äa][äa]|kiell[äa]|est[äa])(?: kaikki)?(?: ev[äa]steet)?',
      'jatka hyv[äa]ksym[äa]tt[äa]',
    ],
    necessary: [
      '(?:godk[äa]nn |acceptera |till[åa]t |godta |tillat |accepter |tillad )?(?:endast |bara |kun |bare )?(?:n[öo]dv[äa]ndiga|n[øo]dvendige|n[øo]dvendig)(?: (?:kakor|cookies|informasjonskapsler))?',
      '(?:vain |hyv[äa]ksy vain )?(?:v[äa]ltt[äa]m[äa]tt[öo]m[äa]t|pakolliset)(?: ev[äa]steet)?',
    ],
    save: [
      '(?:spara|lagre|gem|tallenna)(?: (?:mina|mine|valda|valgte))?(?: (?:val|valg|inst[äa]llningar|innstillinger|indstillinger|valinnat|asetukset))?',
      '(?:bekr[äa]fta|bekreft|bekr[æa]ft) (?:val|valg|mine valg|mina val)',
      '(?:till[åa]t|tillat|tillad) (?:urval|utvalg|valgte)',
    ],
    settings: [
      '(?:anpassa|tilpass|hantera|administrer|h[åa]ndter|vis|visa|muokkaa|n[äa]yt[äa])(?: (?:kakor|cookies|val|valg|inst[äa]llningar|innstillinger|indstillinger|detaljer|asetuksia|tiedot))?',
      '(?:kak|cookie-?|ev[äa]ste)?(?:inst[äa]llningar|innstillinger|indstillinger|asetukset)',
    ],
    close: ['st[äa]ng', 'lukk', 'luk', 'sulje'],
    acknowledge: [
      '(?:ok,? )?(?:jag f[öo]rst[åa]r|jeg forst[åa]r|forst[åa]tt|f[öo]rst[åa]tt|forst[åa]et|selv[äa]|ymm[äa]rr[äa]n)',
    ],
    accept: [
      '(?:ja,? )?(?:acceptera|godk[äa]nn|till[åa]t|godta|aksepter|tillat|accepter|tillad|hyv[äa]ksy|salli)(?: (?:alla|alle|allt|alt|kaikki))?(?: (?:kakor|cookies|informasjonskapsler|ev[äa]steet))?',
    ],
    pay: [
      'prenumer\\p{L}*',
      'abonn\\p{L}*',
      'betal\\p{L}*',
      'k[öo]p',
      'k[øo]b',
      'logga in',
      'logg inn',
      'log ind',
      'kirjaudu',
      'tilaa',
    ],
  },
};
