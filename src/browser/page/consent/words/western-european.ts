import type { ConsentWords } from './consent-words.ts';

/** German, French, Spanish, Italian, Portuguese, Dutch. */
export const WESTERN_EUROPEAN: Record<'de' | 'fr' | 'es' | 'it' | 'pt' | 'nl', ConsentWords> = {
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
};
