import { anyWord } from './pattern.ts';

/** Links to other ways, which name none. */
export const SWITCH = anyWord(`
  (try|use|choose|select|pick) (another|an other|a different|some other)( (way|method|option|verification method|factor|sign-in method))?,
  (other|more|different) (ways|options|methods|sign-in options)( to (sign|log) in)?,
  (choose|use) other method, try something else, can[’']t (use|access) (this|your|my) \\p{L}+,
  don[’']t have (access to )?(this|your|my) \\p{L}+,
  (auf )?andere (art|weise|methode|m[öo]glichkeit|option|anmeldeoption|anmeldem[öo]glichkeit|wege|verfahren|methoden|optionen)n?,
  anderes verfahren, einen? anderen? (weg|methode|m[öo]glichkeit)( w[äa]hlen)?,
  (essayer|utiliser|choisir) une? autre (m[ée]thode|moyen|fa[çc]on|option),
  autres? (m[ée]thodes?|options?|moyens?|fa[çc]ons?)( de connexion)?,
  d[’']une autre (mani[èe]re|fa[çc]on),
  (probar|usar|elegir|intentar) (con )?(otro|otra|de otra) (m[ée]todo|manera|forma|opci[óo]n|modo),
  otr[oa]s? (m[ée]todos?|opci[óo]n|opciones|formas?), prova un altro metodo, andere methode
`);

export const PASSKEY = anyWord(`
  passkeys?, security keys?, fido2?, webauthn, yubikey, hardware (key|token), windows hello, touch id,
  face id, sicherheitsschl[üu]ssel, hauptschl[üu]ssel, cl[ée] (de s[ée]curit[ée]|d['’]acc[èe]s),
  llaves? de (seguridad|acceso), clave de acceso, chiave di sicurezza
`);

export const AUTHENTICATOR = anyWord(`
  authenticator*, \\p{L}*authenticator, authy, totp, auth(entication)?[ -]?apps?, authenticator-app,
  authentifizierungs-?apps?, authentifizierungsanwendung, application d['’]authentification,
  appli d['’]authentification, aplicaci[óo]n de autenticaci[óo]n, app de autenticaci[óo]n,
  app di autenticazione, code generator, codegenerator, mobile app code, verification app
`);

export const PUSH = anyWord(`
  push, approve, notification, notify, prompt, tap yes, benachrichtigung, mitteilung, genehmigen,
  freigeben, freigabe, notifier, approuver, notificaci[óo]n, aprobar, notifica
`);

export const CALL = anyWord(`
  calls?, call me, phone call, voice, anruf*, angerufen, rufen sie, appel, appelez, appeler, llamada,
  llamar, ll[áa]mame, chiamata
`);

export const SMS = anyWord(`
  sms, texts?, text me, text messages?, texted, mobile, phone, cell, handy*, mobil*, smartphone,
  telefon*, textnachricht, kurznachricht, message texte, t[ée]l[ée]phone, portable, tel[ée]fono,
  m[óo]vil, mensaje( de texto)?, cellulare, telefoon
`);

export const EMAIL = anyWord(`
  e-?mail(s|ed|ing)?, e-?mail-.*, mail, inbox, mailbox, posteingang, postfach, courriel,
  bo[îi]te (mail|de r[ée]ception), correo, bandeja de entrada, posta
`);

export const PASSWORD_METHOD = anyWord(`
  passwords?, passwort, kennwort, mot de passe, contrase[ñn]a, senha, wachtwoord
`);

export const BACKUP = anyWord(`
  (back-?up|recovery|emergency|scratch)[ -]?(codes?|keys?),
  (wiederherstellungs|ersatz|notfall|backup-?)(codes?|schl[üu]ssel),
  codes? de (secours|r[ée]cup[ée]ration|sauvegarde),
  c[óo]digos? de (respaldo|recuperaci[óo]n|seguridad de respaldo), codici? di (backup|recupero)
`);

export const QR = anyWord(`qr, qr-?code, scan`);

/** A link or a code instead of a password. */
export const LINK = anyWord(`
  magic link, (sign-?in|log-?in|login) link, e-?mail (me )?(a |you a )?(link|code),
  one[ -]?time (code|password|passcode|link), anmeldelink, einmalcode, lien (magique|de connexion),
  enlace (m[áa]gico|de acceso)
`);

/** Pages that ask for a second factor. */
export const SECOND_FACTOR_PAGE = anyWord(`
  verif\\p{L}*, (two|2|multi)[ -]?(step|factor)\\p{L}*, mfa, 2fa, identity, it[’']s (really )?you,
  how (would|do) you (like|want), get (your|a|the) code, security (check|method|code|verification),
  confirm your, second factor, authenticat\\p{L}*,
  (choose|select|pick) (a|an|your|how|one|where)( \\p{L}+)? ?(method|way|option|factor)?,
  best[äa]tig\\p{L}*, zwei(ter|stufig\\p{L}*|-?faktor\\p{L}*), identit[äa]t\\p{L}*, sicherheits\\p{L}*,
  wie m[öo]chten sie, methode, v[ée]rif\\p{L}*, identit[ée], double facteur, m[ée]thode,
  s[ée]curit[ée], verific\\p{L}*, identidad, dos pasos, m[ée]todo, seguridad
`);

/** Pages on which one of several accounts is chosen. */
export const PICKER_PAGE = anyWord(`
  (choose|select|pick|switch) (an?|your|the|which)? ?(\\p{L}+ )?(account|workspace|organi[sz]ation|team|tenant|profile|company|identity|role|user)s?,
  which (account|workspace|organi[sz]ation|profile), who[’']s (watching|using), continue as,
  (konto|account|arbeitsbereich|organisation|profil|mandant\\p{L}*|team|firma) (aus)?w[äa]hlen,
  w[äa]hlen sie (ein|einen|eine|ihr|ihren|ihre) (konto|account|arbeitsbereich|organisation|profil|mandanten|team|firma)( aus)?,
  welches konto,
  (choisi\\p{L}*|s[ée]lectionne\\p{L}*) (un|une|votre|le) (compte|espace( de travail)?|organisation|profil),
  (elij\\p{L}*|elig\\p{L}*|elegir|seleccion\\p{L}*) (una?|tu|su|la|el) (cuenta|organizaci[óo]n|espacio( de trabajo)?|perfil),
  scegli (un|il tuo) account, kies een account
`);

/** The entry of a picker that goes back to typing. */
export const OTHER_ACCOUNT = anyWord(`
  (use|add|sign in (with|to)|choose|log in (with|to)) (another|a different|an other) (account|user|one),
  different account, another account, (anderes|weiteres) konto( (verwenden|hinzuf[üu]gen))?,
  un autre compte, otra cuenta, altro account
`);

/** Pages between the login and what is behind it: stay signed in, give access. */
export const INTERSTITIAL_PAGE = anyWord(`
  stay (signed|logged) in, keep me (signed|logged) in\\?, trust this (device|browser|computer),
  remember this (device|browser|computer)\\?,
  (would like|wants|requests?|is requesting) (to|permission|access)( access)?( to)?, authori[sz]e,
  grant access, allow access, angemeldet bleiben, m[öo]chte (auf|zugriff),
  zugriff (erlauben|gew[äa]hren|zulassen), rester connect[ée], autoriser, souhaite acc[ée]der,
  mantener la sesi[óo]n, autorizar, quiere acceder
`);
