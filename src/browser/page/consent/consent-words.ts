/*
 * What consent notices say, by language: data and nothing else. Every entry is a regular expression in any case; those of
 * buttons stand for a whole label, `about` for a part of a text. Groups are optional and bounded, never nested repeats.
 */

/** Words of one language. */
export interface ConsentWords {
  /** Tells that a text is about consent to cookies or to the use of data. */
  about: readonly string[];
  /** Refuses all that can be refused. */
  reject: readonly string[];
  /** Takes what is necessary and nothing more. */
  necessary: readonly string[];
  /** Keeps what is ticked. */
  save: readonly string[];
  /** Leads to the single purposes. */
  settings: readonly string[];
  /** Puts the notice away without an answer. */
  close: readonly string[];
  /** Has read it, where nothing is asked. */
  acknowledge: readonly string[];
  /** Takes everything. */
  accept: readonly string[];
  /** Costs money or leads to an account: never taken. */
  pay: readonly string[];
}

const COOKIES =
  '(?: (?:all |the )?(?:cookies?|trackers?|tracking|purposes?|consent|uses?|personali[sz]ation))?';

export const CONSENT_WORDS: Readonly<Record<string, ConsentWords>> = {
  en: {
    about: [
      'cookies?',
      'consent',
      'gdpr',
      'ccpa',
      'we (?:value|care about|respect) your privacy',
      'your privacy',
      'privacy (?:settings|preferences|choices|notice)',
      'tracking technologies',
      'personal data',
      'similar technologies',
      'advertising partners',
    ],
    reject: [
      `(?:no,? (?:thanks?,? )?)?(?:i )?(?:reject|decline|refuse|deny|disallow|opt[ -]?out(?: of)?|object(?: to)?|disagree)(?: (?:to )?(?:all|them|everything|it))?(?: (?:optional|non-?essential|non-?necessary|unnecessary|additional|analytics|marketing|third[ -]party))?${COOKIES}(?: (?:and|&) (?:close|continue|proceed|exit))?`,
      `(?:i )?do(?:es)?(?: not|n['’]t) (?:consent|accept|agree|allow)${COOKIES}`,
      'continue without (?:accepting|agreeing|consent(?:ing)?|cookies)',
      'no,? thanks?(?: you)?',
      "no,? i (?:do not|don['’]t) (?:agree|accept|consent)",
    ],
    necessary: [
      `(?:accept |allow |use |continue with |keep )?(?:only |just )?(?:the )?(?:strictly )?(?:necessary|essential|required|functional)(?: ones)?(?: only)?${COOKIES}(?: only)?`,
    ],
    save: [
      '(?:save|confirm|submit|apply|allow|accept) (?:my |your |the |current |these )?(?:choices?|selections?|selected(?: cookies)?|preferences|settings)(?: (?:and|&) (?:exit|close|continue))?',
      'save (?:and|&) (?:exit|close|continue)',
    ],
    settings: [
      '(?:manage|change|customi[sz]e|adjust|edit|set|review|view|show|more|see|choose|cookies?|privacy|consent|advanced|my|your|let me) ?(?:my |your |the )?(?:cookies?|privacy|consent|tracking)? ?(?:choices?|options?|settings?|preferences?|purposes?|details|cookies?|choose)',
      '(?:customi[sz]e|preferences|settings|options|purposes|manage|configure|personali[sz]e)(?: cookies)?',
      'let me choose',
    ],
    close: [
      'close(?: (?:this |the )?(?:banner|dialog|notice|window|cookie banner|and continue))?',
      'dismiss(?: (?:this |the )?(?:banner|notice))?',
      '[×✕✖✗xX]',
    ],
    acknowledge: [
      '(?:ok(?:ay)?|got it|i understand|understood|alright|thanks|hide(?: (?:this )?(?:message|banner))?)(?:,? (?:thanks|got it))?',
    ],
    accept: [
      `(?:yes,? )?(?:i )?(?:accept|allow|agree|consent|enable|approve)(?: (?:to |with )?(?:all|everything|them|it))?(?: (?:optional|additional))?${COOKIES}(?: (?:and|&) (?:close|continue|proceed))?`,
      '(?:ok(?:ay)?|yes),? (?:i )?(?:accept|agree|consent)',
      "(?:yes,? )?i['’]m (?:ok|happy|fine)(?: with (?:that|cookies|this))?",
      "that['’]s (?:ok|fine)",
    ],
    pay: [
      'subscri\\p{L}*',
      'pay',
      'purchase',
      'buy',
      'ad-?free',
      'premium',
      'sign ?(?:up|in)',
      'log ?in',
      'register',
    ],
  },
  de: {
    about: [
      'cookies?',
      'einwilligung\\p{L}*',
      'dsgvo',
      'datenschutz\\p{L}*',
      'privatsph[äa]re\\p{L}*',
      'personenbezogene\\p{L}*',
      'tracking',
      'zustimm\\p{L}*',
    ],
    reject: [
      '(?:nein,? )?(?:ich )?(?:alle |alles |optionale |nicht notwendige )?(?:cookies )?(?:ablehnen|verweigern|abw[äa]hlen|widersprechen|verbieten|lehne ab|stimme nicht zu)(?: und (?:schlie[ßs]+en|weiter|fortfahren))?',
      '(?:ohne (?:zustimmung|einwilligung|zuzustimmen)|ohne einverst[äa]ndnis) (?:fortfahren|weiter|weitersurfen)',
      '(?:weiter|fortfahren) ohne (?:zustimmung|einwilligung|zuzustimmen|annehmen|akzeptieren)',
      'nein,? danke',
      'nicht (?:zustimmen|einwilligen|akzeptieren|erlauben)',
    ],
    necessary: [
      '(?:nur |lediglich )?(?:die )?(?:(?:unbedingt|technisch) )?(?:notwendige|erforderliche|essen[zt]ielle|ben[öo]tigte|funktionale)[nrs]?(?: cookies?)?(?: (?:akzeptieren|erlauben|zulassen|annehmen|verwenden|nutzen))?',
    ],
    save: [
      '(?:meine |ihre |die )?(?:auswahl|einstellungen|pr[äa]ferenzen) (?:speichern|best[äa]tigen|erlauben|akzeptieren|[üu]bernehmen|zulassen)(?: und (?:schlie[ßs]+en|weiter))?',
      'speichern(?: (?:und|&) (?:schlie[ßs]+en|weiter))?',
      'ausgew[äa]hlte (?:cookies )?(?:akzeptieren|erlauben)',
    ],
    settings: [
      '(?:cookie-?|datenschutz-?|privatsph[äa]re-?|individuelle |weitere |mehr |erweiterte )?(?:einstellungen|optionen|pr[äa]ferenzen|informationen)(?: (?:anpassen|verwalten|[äa]ndern|anzeigen|[öo]ffnen))?',
      '(?:cookies )?(?:anpassen|verwalten|konfigurieren|individuell)',
      'zwecke anzeigen',
      'details (?:ein|an)(?:blenden|zeigen)',
    ],
    close: ['(?:hinweis |banner |fenster )?schlie[ßs]+en'],
    acknowledge: ['(?:ok(?:ay)?,? )?(?:verstanden|alles klar|in ordnung|zur kenntnis genommen|gelesen)'],
    accept: [
      '(?:ja,? )?(?:ich )?(?:alle |allen |allem |alles |alle cookies |cookies )?(?:cookies )?(?:akzeptieren|annehmen|erlauben|zulassen|zustimmen|einwilligen|stimme(?: allen)? zu|bin einverstanden|willige ein|best[äa]tigen)(?: und (?:schlie[ßs]+en|weiter|fortfahren))?',
      'einverstanden',
      'zustimmen (?:und|&) weiter\\p{L}*',
    ],
    pay: [
      'abo\\p{L}*',
      'abonn\\p{L}*',
      'kaufen',
      'bezahl\\p{L}*',
      'werbefrei',
      'anmelden',
      'einloggen',
      'registrieren',
    ],
  },
  fr: {
    about: [
      'cookies?',
      'traceurs?',
      'consentement',
      'rgpd',
      'vie priv[ée]e',
      'donn[ée]es personnelles',
      'confidentialit[ée]',
    ],
    reject: [
      '(?:je )?(?:tout |tous )?(?:refuser?|refuse|rejeter|rejette|d[ée]cliner?)(?: (?:tout|tous))?(?: (?:les )?(?:cookies|traceurs))?(?: (?:optionnels|non essentiels))?(?: et (?:fermer|continuer))?',
      '(?:continuer|poursuivre|fermer|naviguer) sans accepter',
      'non,? merci',
      "(?:je )?n['’]accepte pas",
      "(?:s['’]opposer|interdire)(?: [àa])?(?: tout)?(?: (?:les )?cookies)?",
    ],
    necessary: [
      '(?:accepter |autoriser |utiliser )?(?:uniquement |seulement )?(?:les )?(?:cookies )?(?:strictement )?(?:n[ée]cessaires|essentiels|indispensables|obligatoires|requis)(?: uniquement| seulement)?',
    ],
    save: [
      '(?:enregistrer|sauvegarder|valider|confirmer)(?: (?:mes|les|ma|la|vos|votre))?(?: (?:choix|pr[ée]f[ée]rences|s[ée]lection|param[èe]tres))?(?: et (?:fermer|quitter|continuer))?',
      'autoriser la s[ée]lection',
    ],
    settings: [
      "(?:param[ée]trer|personnaliser|g[ée]rer|configurer|modifier|afficher|voir)(?: (?:mes|les|vos|l['’]usage des))?(?: (?:cookies|choix|pr[ée]f[ée]rences|param[èe]tres|options|finalit[ée]s|d[ée]tails|consentements?))?",
      '(?:param[èe]tres|pr[ée]f[ée]rences|options|choix)(?: (?:des|de|de gestion des) (?:cookies|confidentialit[ée]))?',
      "plus d['’](?:options|informations)",
      'en savoir plus',
    ],
    close: ['fermer(?: (?:la |cette )?(?:banni[èe]re|fen[êe]tre))?'],
    acknowledge: ["(?:ok,? )?(?:j['’]ai compris|compris|d['’]accord|entendu)"],
    accept: [
      "(?:oui,? )?(?:j['’])?(?:tout |tous )?(?:accepter?|autoriser?|consens|consentir)(?: (?:tout|tous|toutes))?(?: (?:les )?(?:cookies|traceurs))?(?: et (?:fermer|continuer|poursuivre))?",
      'ok,? tout accepter',
    ],
    pay: [
      "s['’]abonner",
      'abonn\\p{L}*',
      'payer',
      'acheter',
      'sans publicit[ée]',
      'connexion',
      'se connecter',
      "s['’]inscrire",
    ],
  },
  es: {
    about: [
      'cookies?',
      'consentimiento',
      'rgpd',
      'privacidad',
      'datos personales',
      'tecnolog[íi]as similares',
    ],
    reject: [
      '(?:no,? )?(?:rechaz(?:ar|o)|denegar|declinar|rehusar)(?: (?:todo|todas|todos))?(?: las)?(?: cookies)?(?: (?:opcionales|no esenciales|no necesarias))?(?: y (?:cerrar|continuar))?',
      '(?:continuar|seguir|navegar) sin aceptar',
      'no,? gracias',
      'no (?:acepto|aceptar|consiento|permitir|estoy de acuerdo)',
    ],
    necessary: [
      '(?:aceptar |permitir |usar )?(?:s[óo]lo |solo |solamente |[úu]nicamente )?(?:las )?(?:cookies )?(?:estrictamente )?(?:necesarias|esenciales|imprescindibles|t[ée]cnicas|requeridas|obligatorias)(?: solamente)?',
    ],
    save: [
      '(?:guardar|confirmar|aceptar|permitir)(?: (?:mis?|la|las|los|su))?(?: (?:selecci[óo]n|preferencias|configuraci[óo]n|elecci[óo]n|cambios|opciones|elecciones))(?: y (?:cerrar|salir|continuar))?',
      'guardar(?: y (?:cerrar|salir))?',
    ],
    settings: [
      '(?:configurar|gestionar|personalizar|administrar|ajustar|mostrar|ver|m[áa]s)(?: (?:las|mis|sus))?(?: (?:cookies|preferencias|opciones|configuraci[óo]n|ajustes|prop[óo]sitos|detalles|informaci[óo]n))?',
      '(?:configuraci[óo]n|ajustes|preferencias|opciones)(?: de (?:las )?(?:cookies|privacidad))?',
    ],
    close: ['cerrar(?: (?:el )?(?:aviso|banner))?'],
    acknowledge: ['(?:ok,? )?(?:entendido|de acuerdo|lo entiendo|vale)'],
    accept: [
      '(?:s[íi],? )?(?:acept(?:ar|o)|permitir|autorizar|consentir|consiento)(?: (?:todo|todas|todos))?(?: las)?(?: cookies)?(?: y (?:cerrar|continuar))?',
      'estoy de acuerdo',
    ],
    pay: ['suscri\\p{L}*', 'pagar', 'comprar', 'sin publicidad', 'iniciar sesi[óo]n', 'registr\\p{L}*'],
  },
  it: {
    about: ['cookies?', 'consenso', 'gdpr', 'privacy', 'dati personali', 'tecnologie simili'],
    reject: [
      '(?:rifiut(?:a|o|are)|nega|respingi)(?: (?:tutto|tutti))?(?: i)?(?: cookie)?(?: (?:non necessari|opzionali))?(?: e (?:chiudi|continua))?',
      '(?:continua|prosegui|procedi) senza accettare',
      'no,? grazie',
      'non (?:accetto|accettare|acconsento)',
    ],
    necessary: [
      '(?:accetta |usa |consenti )?(?:solo |soltanto |solamente )?(?:i )?(?:cookie )?(?:strettamente )?(?:necessari|essenziali|tecnici|indispensabili)(?: soltanto)?',
    ],
    save: [
      '(?:salva|conferma|accetta|consenti)(?: (?:le|la|mie|le mie))?(?: (?:scelte|selezion(?:e|ati)|preferenze|impostazioni))(?: e (?:chiudi|continua|esci))?',
      'salva(?: e (?:chiudi|esci))?',
    ],
    settings: [
      '(?:gestisci|personalizza|imposta|configura|modifica|mostra|scopri)(?: (?:i|le|le mie))?(?: (?:cookie|preferenze|opzioni|impostazioni|scelte|dettagli|di pi[ùu]))?',
      '(?:impostazioni|preferenze|opzioni)(?: (?:dei|sui|cookie|privacy))?(?: cookie)?',
    ],
    close: ['chiudi(?: (?:il )?banner)?'],
    acknowledge: ['(?:ok,? )?(?:ho capito|capito|va bene)'],
    accept: [
      '(?:s[ìi],? )?(?:accett(?:a|o|are)|acconsent(?:o|i)|consenti|autorizza)(?: (?:tutto|tutti))?(?: i)?(?: cookie)?(?: e (?:chiudi|continua))?',
    ],
    pay: ['abbon\\p{L}*', 'paga\\p{L}*', 'acquista', 'accedi', 'registrati'],
  },
  pt: {
    about: ['cookies?', 'consentimento', 'rgpd', 'lgpd', 'privacidade', 'dados pessoais'],
    reject: [
      '(?:rejeitar|recusar|negar)(?: (?:tudo|todos|todas))?(?: os)?(?: cookies)?(?: (?:opcionais|n[ãa]o essenciais))?(?: e (?:fechar|continuar))?',
      'continuar sem aceitar',
      'n[ãa]o,? obrigad[oa]',
      'n[ãa]o (?:aceito|aceitar|concordo|permitir)',
    ],
    necessary: [
      '(?:aceitar |permitir |usar )?(?:apenas |s[óo] |somente )?(?:os )?(?:cookies )?(?:estritamente )?(?:necess[áa]rios|essenciais|obrigat[óo]rios)',
    ],
    save: [
      '(?:guardar|salvar|gravar|confirmar|permitir)(?: (?:as|minhas|a|as minhas))?(?: (?:escolhas|sele[çc][ãa]o|prefer[êe]ncias|defini[çc][õo]es|op[çc][õo]es))?(?: e (?:fechar|sair))?',
    ],
    settings: [
      '(?:gerir|gerenciar|personalizar|configurar|ajustar|mais|ver)(?: (?:os|as|minhas))?(?: (?:cookies|prefer[êe]ncias|op[çc][õo]es|defini[çc][õo]es|configura[çc][õo]es|detalhes))?',
      '(?:defini[çc][õo]es|configura[çc][õo]es|prefer[êe]ncias|op[çc][õo]es)(?: de (?:cookies|privacidade))?',
    ],
    close: ['fechar'],
    acknowledge: ['(?:ok,? )?(?:entendi|percebi|compreendi|de acordo)'],
    accept: [
      '(?:sim,? )?(?:aceit(?:ar|o)|permitir|concord(?:ar|o)|autorizar)(?: (?:tudo|todos|todas))?(?: os)?(?: cookies)?(?: e (?:fechar|continuar))?',
    ],
    pay: ['assin\\p{L}*', 'subscrev\\p{L}*', 'pagar', 'comprar', 'entrar', 'registar', 'cadastr\\p{L}*'],
  },
  nl: {
    about: ['cookies?', 'toestemming', 'avg', 'privacy\\p{L}*', 'persoonsgegevens'],
    reject: [
      '(?:nee,? )?(?:alle |alles |cookies |optionele cookies )?(?:weiger(?:en)?|afwijzen|niet (?:accepteren|toestaan|akkoord))(?: (?:alles|alle))?(?: cookies)?',
      '(?:doorgaan|verdergaan|verder) zonder (?:accepteren|toestemming|te accepteren)',
      'nee,? (?:bedankt|dank je|liever niet)',
    ],
    necessary: [
      '(?:alleen |enkel |uitsluitend )?(?:de )?(?:strikt )?(?:noodzakelijke|essenti[ëe]le|functionele|vereiste)(?: cookies)?(?: (?:accepteren|toestaan|gebruiken))?',
    ],
    save: [
      '(?:mijn |huidige )?(?:selectie|keuzes?|voorkeuren|instellingen) (?:opslaan|bevestigen|toestaan|bewaren|accepteren)',
      'opslaan(?: en (?:sluiten|afsluiten))?',
    ],
    settings: [
      '(?:cookie-?|privacy-?|meer )?(?:instellingen|voorkeuren|opties|informatie)(?: (?:beheren|aanpassen|wijzigen|tonen))?',
      '(?:cookies )?(?:aanpassen|beheren|zelf instellen)',
      'details tonen',
    ],
    close: ['sluiten?'],
    acknowledge: ['(?:ok[ée]?,? )?(?:begrepen|ik begrijp het|prima|duidelijk)'],
    accept: [
      '(?:ja,? )?(?:ik )?(?:alle |alles )?(?:cookies )?(?:accepteren|accepteer|toestaan|akkoord|ga akkoord)(?: (?:alles|alle))?(?: cookies)?(?: en (?:doorgaan|sluiten))?',
    ],
    pay: ['abonn\\p{L}*', 'betalen', 'koop', 'inloggen', 'registreren'],
  },
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
  ru: {
    about: [
      'cookies?',
      'куки',
      'файл\\p{L}* cookie',
      'согласи\\p{L}*',
      'персональн\\p{L}* данн\\p{L}*',
      'конфиденциальн\\p{L}*',
      'згод\\p{L}*',
    ],
    reject: [
      '(?:отклонить|отказаться|запретить|не принимать|не согласен|не согласна|не соглашаюсь|відхилити|відмовитися|не погоджуюся)(?: (?:все|всё|всі))?(?: (?:файлы |файли )?(?:cookies?|куки))?',
      '(?:продолжить|продовжити) без (?:согласия|принятия|згоди)',
    ],
    necessary: [
      '(?:принять |разрешить |прийняти )?(?:только |лише |тільки )?(?:строго )?(?:необходимые|обязательные|необхідні|обовʼязкові|технические)(?: (?:файлы |файли )?(?:cookies?|куки))?',
    ],
    save: [
      '(?:сохранить|подтвердить|зберегти|підтвердити)(?: (?:мой |мої )?(?:выбор|настройки|предпочтения|вибір|налаштування))?',
      'разрешить выбранные',
    ],
    settings: [
      '(?:настроить|настройки|параметры|управление|изменить|подробнее|налаштувати|налаштування)(?: (?:файлов |настройки |файлами |параметры )?(?:cookies?|куки))?',
    ],
    close: ['закрыть', 'закрити'],
    acknowledge: ['(?:понятно|хорошо|ок|зрозуміло|добре|ясно)'],
    accept: [
      '(?:принять|принимаю|согласен|согласна|разрешить|соглашаюсь|прийняти|погоджуюся|дозволити)(?: (?:все|всё|всі))?(?: (?:файлы |файли )?(?:cookies?|куки))?',
    ],
    pay: ['подпис\\p{L}*', 'оплат\\p{L}*', 'купить', 'войти', 'увійти', 'зарегистр\\p{L}*'],
  },
  el: {
    about: ['cookies?', 'συγκατάθεσ\\p{L}*', 'προσωπικ\\p{L}* δεδομέν\\p{L}*', 'απόρρητο\\p{L}*'],
    reject: [
      '(?:απόρριψη|απορρίπτω|δεν (?:αποδέχομαι|συμφωνώ))(?: (?:όλων|όλα))?(?: (?:των )?cookies)?',
      'συνέχεια χωρίς (?:αποδοχή|συγκατάθεση)',
    ],
    necessary: [
      '(?:αποδοχή )?(?:μόνο )?(?:τα |των )?(?:απολύτως )?(?:απαραίτητα|αναγκαία|απαραίτητων|αναγκαίων)(?: cookies)?',
    ],
    save: ['(?:αποθήκευση|επιβεβαίωση)(?: (?:επιλογών|ρυθμίσεων|προτιμήσεων))?'],
    settings: [
      '(?:ρυθμίσεις|προτιμήσεις|επιλογές|διαχείριση|προσαρμογή)(?: (?:των )?(?:cookies|επιλογών|προτιμήσεων))?',
      'περισσότερες επιλογές',
    ],
    close: ['κλείσιμο'],
    acknowledge: ['(?:εντάξει|κατάλαβα|το κατάλαβα)'],
    accept: ['(?:αποδοχή|αποδέχομαι|συμφωνώ)(?: (?:όλων|όλα))?(?: (?:των )?cookies)?'],
    pay: ['συνδρομ\\p{L}*', 'πληρωμ\\p{L}*', 'αγορά', 'σύνδεση', 'εγγραφή'],
  },
  ja: {
    about: ['クッキー', 'cookie', '同意', 'プライバシー', '個人情報', '個人データ'],
    reject: [
      '(?:すべて(?:の(?:cookie|クッキー))?(?:を)?|全て(?:の(?:cookie|クッキー))?(?:を)?|cookieを|クッキーを)?(?:拒否(?:する|します)?|拒否して(?:閉じる|続行)|同意しない|同意しません|許可しない|受け入れない|無効にする)',
      '同意せずに(?:続行|続ける|進む)',
      'いいえ(?:、結構です)?',
    ],
    necessary: [
      '(?:必要|必須|不可欠)(?:最小限|最低限)?(?:な|の)?(?:もの|cookie|クッキー)?(?:のみ|だけ)?(?:を)?(?:許可|受け入れ|使用|同意)?(?:する|る)?',
    ],
    save: [
      '(?:選択(?:内容|したもの)?|設定|選択)(?:を)?(?:保存|確認|許可|確定)(?:する|して閉じる)?',
      '保存(?:する|して閉じる|して終了)?',
    ],
    settings: [
      '(?:cookie|クッキー|プライバシー|詳細|個別)?(?:の)?(?:設定|オプション|詳細|カスタマイズ|管理)(?:を)?(?:する|変更|管理|表示|開く|見る)?(?:する)?',
    ],
    close: ['閉じる'],
    acknowledge: ['(?:了解(?:しました)?|わかりました|分かりました|ok)'],
    accept: [
      '(?:すべて(?:の(?:cookie|クッキー))?(?:を|に)?|全て(?:の(?:cookie|クッキー))?(?:を|に)?|cookieを|クッキーを)?(?:同意(?:する|します)?|許可(?:する)?|受け入れる|承諾する|承認する|有効にする|同意して(?:続行|閉じる|進む))',
      'はい',
    ],
    pay: ['購読', '購入', '支払', 'ログイン', '登録', '有料'],
  },
  zh: {
    about: ['cookie', '同意', '隐私', '隱私', '个人信息', '個人資料', '个人数据'],
    reject: [
      '(?:全部|一律|我)?(?:拒绝|拒絕|不同意|不接受|不允许|不允許)(?:全部|所有)?(?:的)?(?:非必要|非必需|可选|可選)?(?:的)?(?:cookie|cookies)?',
      '(?:不同意并|不接受并|不同意並)?(?:继续|繼續)(?:浏览|瀏覽)?而不(?:接受|同意)',
    ],
    necessary: [
      '(?:仅|只|僅|仅限|僅限|只允许|仅允许|仅接受|僅接受|仅使用)?(?:接受|允许|允許|使用)?(?:必要|必需|必须|必須|基本)(?:的)?(?:cookie|cookies)?',
    ],
    save: [
      '(?:保存|储存|儲存|确认|確認|提交)(?:我的|所选|設定|设置)?(?:选择|選擇|设置|設定|偏好)?(?:并关闭)?',
    ],
    settings: [
      '(?:管理|自定义|自訂|更改|查看)?(?:cookie|cookies|隐私|隱私|偏好|更多)?(?:设置|設定|选项|選項|偏好|详情|管理|首选项)',
    ],
    close: ['关闭', '關閉'],
    acknowledge: ['(?:知道了|我知道了|明白了|我明白|好的|了解)'],
    accept: ['(?:全部|我)?(?:接受|同意|允许|允許)(?:全部|所有)?(?:的)?(?:cookie|cookies)?(?:并继续|並繼續)?'],
    pay: ['订阅', '訂閱', '购买', '購買', '付费', '登录', '登入', '注册', '註冊'],
  },
  ko: {
    about: ['쿠키', 'cookie', '동의', '개인정보', '개인 정보', '프라이버시'],
    reject: [
      '(?:모두 |모든 쿠키 |전체 |쿠키 )?(?:거부|거절|동의하지 않음|동의 안 함|허용 안 함|허용하지 않음)(?:하기|합니다)?',
      '동의하지 않고 계속(?:하기)?',
    ],
    necessary: ['(?:필수|필요한)(?: ?쿠키| ?항목)?(?:만)?(?: (?:허용|동의|수락|사용))?(?:하기)?'],
    save: ['(?:선택(?: 사항| 항목)?|설정)(?:을)? ?(?:저장|확인|허용)(?:하기)?', '저장(?: 후 닫기)?'],
    settings: [
      '(?:쿠키 |개인정보 |상세 |세부 )?(?:설정|옵션|관리|맞춤 설정|자세히 보기|환경설정)(?: (?:관리|변경|보기))?',
    ],
    close: ['닫기'],
    acknowledge: ['(?:확인|알겠습니다|이해했습니다)'],
    accept: ['(?:모두 |모든 쿠키 |전체 |쿠키 )?(?:동의|수락|허용)(?:하기|합니다|함)?(?:하고 계속)?'],
    pay: ['구독', '결제', '구매', '로그인', '가입'],
  },
  ar: {
    about: ['ملفات تعريف الارتباط', 'الكوكيز', 'كوكيز', 'موافقت\\p{L}*', 'الخصوصية', 'البيانات الشخصية'],
    reject: [
      '(?:رفض|أرفض|ارفض|لا أوافق)(?: (?:الكل|الجميع|جميع ملفات تعريف الارتباط))?',
      'المتابعة (?:دون|بدون) (?:موافقة|قبول)',
    ],
    necessary: ['(?:قبول )?(?:الضرورية|الأساسية|الضروري)(?: فقط)?', 'ملفات تعريف الارتباط الضرورية(?: فقط)?'],
    save: ['(?:حفظ|تأكيد)(?: (?:اختياراتي|الإعدادات|التفضيلات|الاختيارات))?'],
    settings: [
      '(?:إدارة|تخصيص|إعدادات|خيارات)(?: (?:ملفات تعريف الارتباط|الخصوصية|التفضيلات|الإعدادات))?',
      'المزيد من الخيارات',
    ],
    close: ['إغلاق'],
    acknowledge: ['(?:حسنا|حسنًا|فهمت|موافق، فهمت)'],
    accept: ['(?:قبول|أقبل|موافق|أوافق|السماح)(?: (?:الكل|للكل|على الكل|الجميع|جميع ملفات تعريف الارتباط))?'],
    pay: ['اشتر\\p{L}*', 'ادفع', 'تسجيل الدخول', 'التسجيل'],
  },
};
