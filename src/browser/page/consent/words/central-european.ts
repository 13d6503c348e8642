import type { ConsentWords } from './consent-words.ts';

/** Polish; Czech and Slovak; `east`: Romanian, Hungarian, Turkish. */
export const CENTRAL_EUROPEAN: Record<'pl' | 'cs' | 'east', ConsentWords> = {
  pl: {
    about: ['cookies?', 'ciaste\\p{L}*', 'zgod\\p{L}*', 'rodo', 'prywatno[śs]\\p{L}*', 'danych osobowych'],
    reject: [
      '(?:odrzu[ćc]|odm[óo]w|nie zgadzam si[ęe]|nie akceptuj[ęe]|nie wyra[żz]am zgody)(?: (?:wszystkie|wszystko))?(?: (?:pliki )?(?:cookies?|ciasteczka))?',
      '(?:kontynuuj|przejd[źz] dalej) bez (?:akceptacji|zgody|akceptowania)',
    ],
    necessary: [
      '(?:akceptuj |zaakceptuj |zezw[óo]l na )?(?:tylko |wy[łl][ąa]cznie )?(?:niezb[ęe]dne|konieczne|wymagane)(?: (?:pliki )?(?:cookies?|ciasteczka))?',
    ],
    save: [
      '(?:zapisz|potwierd[źz])(?: (?:moje |m[óo]j )?(?:wyb[óo]r|wybory|ustawienia|preferencje))?',
      'zezw[óo]l na wyb[óo]r',
    ],
    settings: [
      '(?:zarz[ąa]dzaj|dostosuj|zmie[ńn]|poka[żz])(?: (?:cookies?|plikami cookies?|ustawienia\\p{L}*|preferencj\\p{L}*|opcj\\p{L}*|szczeg[óo][łl]y|zgodami))?',
      'ustawienia(?: (?:plik[óo]w )?(?:cookies?|zaawansowane|prywatno[śs]ci))?',
      'wi[ęe]cej opcji',
    ],
    close: ['zamknij'],
    acknowledge: ['rozumiem', 'ok,? rozumiem'],
    accept: [
      '(?:akceptuj[ęe]?|zaakceptuj|zgadzam si[ęe]|zezw[óo]l|przyjmij|wyra[żz]am zgod[ęe])(?: (?:na )?(?:wszystkie|wszystko))?(?: (?:pliki )?(?:cookies?|ciasteczka))?(?: i (?:przejd[źz] dalej|zamknij))?',
    ],
    pay: ['subskry\\p{L}*', 'kup', 'zap[łl]a[ćc]', 'zaloguj', 'zarejestruj'],
  },
  cs: {
    about: [
      'cookies?',
      'souhlas\\p{L}*',
      's[úu]hlas\\p{L}*',
      'gdpr',
      'soukrom\\p{L}*',
      's[úu]krom\\p{L}*',
      'osobn[íi]ch? [úu]daj\\p{L}*',
    ],
    reject: [
      '(?:odm[íi]tnout|odmietnu[ťt]|nesouhlas[íi]m|nes[úu]hlas[íi]m|zam[íi]tnout)(?: (?:v[šs]e|v[šs]echn[yo]|v[šs]etky))?(?: cookies)?',
      '(?:pokra[čc]ovat|pokra[čc]ova[ťt]) (?:bez (?:souhlasu|s[úu]hlasu|p[řr]ijet[íi]))',
    ],
    necessary: [
      '(?:p[řr]ijmout |povolit |prija[ťt] |povoli[ťt] )?(?:pouze |jen |iba |len )?(?:nezbytn[ée](?: nutn[ée])?|nutn[ée]|nevyhnutn[ée]|technick[ée])(?: cookies)?',
    ],
    save: [
      '(?:ulo[žz]it|ulo[žz]i[ťt]|potvrdit|potvrdi[ťt])(?: (?:v[ýy]b[ěe]r|nastaven[íi]|volby|moje volby|vybran[ée]))?',
      '(?:povolit|povoli[ťt]) v[ýy]b[ěe]r',
    ],
    settings: [
      '(?:podrobn[ée] |podrobnosti|upravit |upravi[ťt] |spravovat |zobrazit )?(?:nastaven[íia]?|nastavenia|nastavit|mo[žz]nosti|podrobnosti|p[řr]edvolby)(?: cookies)?',
      'p[řr]izp[ůu]sobit',
      'prisp[ôo]sobi[ťt]',
    ],
    close: ['zav[řr][íi]t', 'zatvori[ťt]'],
    acknowledge: ['rozum[íi]m', 'v po[řr][áa]dku', 'beru na v[ěe]dom[íi]'],
    accept: [
      '(?:p[řr]ijmout|p[řr]ij[íi]m[áa]m|prija[ťt]|povolit|povoli[ťt]|souhlas[íi]m|s[úu]hlas[íi]m|akceptovat|akceptova[ťt])(?: (?:v[šs]e|se v[šs][íi]m|v[šs]echn[yo]|v[šs]etk[yo]))?(?: cookies)?',
    ],
    pay: [
      'p[řr]edplat\\p{L}*',
      'predplat\\p{L}*',
      'zaplatit',
      'koupit',
      'p[řr]ihl[áa]sit',
      'prihl[áa]si[ťt]',
    ],
  },
  east: {
    about: [
      'cookie\\p{L}*',
      'consim[țt][ăa]m[âa]nt\\p{L}*',
      'hozz[áa]j[áa]rul\\p{L}*',
      's[üu]ti\\p{L}*',
      'adatv[ée]delm\\p{L}*',
      'confiden[țt]ialit\\p{L}*',
      'date cu caracter personal',
      '[çc]erez\\p{L}*',
      'ki[şs]isel veri\\p{L}*',
      'kvkk',
    ],
    reject: [
      '(?:respinge(?:[țt]i)?|refuz[ăa]?|nu accept|nu sunt de acord)(?: (?:tot|toate|toate cookie-urile))?',
      'continu[ăa] f[ăa]r[ăa] (?:acceptare|a accepta)',
      '(?:[öo]sszes |minden )?(?:s[üu]ti )?(?:elutas[íi]t(?:[áa]sa?|om)?|elutas[íi]tom|nem fogadom el|visszautas[íi]t\\p{L}*)(?: az [öo]sszeset)?',
      '(?:t[üu]m[üu]n[üu]|hepsini|t[üu]m [çc]erezleri|[çc]erezleri)? ?(?:reddet|reddediyorum|kabul etmiyorum)',
      'kabul etmeden devam et',
    ],
    necessary: [
      '(?:accept |permite )?(?:doar |numai )?(?:cele |cookie-urile )?(?:strict )?(?:necesare|esen[țt]iale)',
      '(?:csak )?(?:a )?(?:sz[üu]ks[ée]ges|elengedhetetlen|felt[ée]tlen[üu]l sz[üu]ks[ée]ges)(?:ek)?(?: s[üu]tik)?(?: (?:elfogad[áa]sa|enged[ée]lyez[ée]se))?',
      '(?:yaln[ıi]zca |sadece )?(?:gerekli|zorunlu)(?: olanlar[ıi]?| [çc]erezler[ie]?)?(?: (?:kabul et|izin ver))?',
    ],
    save: [
      '(?:salveaz[ăa]|confirm[ăa])(?: (?:selec[țt]ia|set[ăa]rile|preferin[țt]ele|op[țt]iunile))?',
      '(?:kiv[áa]laszt[áa]s|be[áa]ll[íi]t[áa]sok|v[áa]laszt[áa]som) (?:ment[ée]se|enged[ée]lyez[ée]se|elfogad[áa]sa)',
      'ment[ée]s',
      '(?:se[çc]imi(?:mi)?|tercihler(?:imi)?|ayarlar[ıi]) (?:kaydet|onayla)',
      'kaydet(?: ve (?:kapat|[çc][ıi]k))?',
    ],
    settings: [
      '(?:set[ăa]ri|preferin[țt]e|op[țt]iuni|gestioneaz[ăa]|personalizeaz[ăa]|modific[ăa])(?: (?:cookie\\p{L}*|set[ăa]rile|preferin[țt]ele|op[țt]iunile))?',
      '(?:s[üu]ti ?)?(?:be[áa]ll[íi]t[áa]sok|r[ée]szletek|testreszab[áa]s)(?: (?:kezel[ée]se|megjelen[íi]t[ée]se|m[óo]dos[íi]t[áa]sa))?',
      '(?:[çc]erez )?(?:ayarlar[ıi]?|tercihleri?|se[çc]enekler)(?: y[öo]net| de[ğg]i[şs]tir)?',
      '(?:tercihleri|[çc]erezleri) y[öo]net',
      '[öo]zelle[şs]tir',
    ],
    close: ['[îi]nchide', 'bez[áa]r(?:[áa]s)?', 'kapat'],
    acknowledge: ['am [îi]n[țt]eles', '(?:rendben|[ée]rtem|meg[ée]rtettem)', '(?:tamam|anlad[ıi]m)'],
    accept: [
      '(?:accept[ăa]?|sunt de acord|permite)(?: (?:tot|toate|toate cookie-urile))?',
      '(?:[öo]sszes |minden |az [öo]sszes )?(?:s[üu]ti )?(?:elfogad(?:[áa]sa|om)?|enged[ée]lyez(?:[ée]se|em)|elfogadom)(?: az [öo]sszeset)?',
      '(?:t[üu]m[üu]n[üu]|hepsini|t[üu]m [çc]erezleri)? ?(?:kabul et|kabul ediyorum|onayl[ıi]yorum|izin ver)',
    ],
    pay: [
      'abon\\p{L}*',
      'pl[ăa]te\\p{L}*',
      'cump[ăa]r\\p{L}*',
      'el[őo]fizet\\p{L}*',
      'v[áa]s[áa]rl\\p{L}*',
      'abone\\p{L}*',
      'sat[ıi]n al',
      'giri[şs] yap',
      'autentific\\p{L}*',
      'bejelentkez\\p{L}*',
    ],
  },
};
