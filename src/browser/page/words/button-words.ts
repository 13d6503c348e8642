import { inAllLanguages } from './languages/all-languages.ts';
import { anyWord } from './pattern.ts';

/** Buttons and headings that log in. */
export const LOGIN = anyWord(`
  sign ?in, sign-in, signin, log ?in, log-in, login, log ?on, logon, anmelden, anmeldung, einloggen,
  connexion, se connecter, connectez-vous, s['’]identifier, m['’]identifier, me connecter,
  iniciar sesi[óo]n, inicia sesi[óo]n, acceder, ingresar, entrar, accedi, accesso, inloggen, aanmelden,
  logga in, logg inn, log ind, zaloguj( si[ęe])?, p[řr]ihl[áa]sit, войти,
  ${inAllLanguages('login')}
`);

/** Buttons and links that end a login. */
export const LOG_OUT = anyWord(`
  sign ?out, sign-out, log ?out, log-out, log ?off, log-off, abmelden, ausloggen, abmeldung, d[ée]connexion,
  se d[ée]connecter, me d[ée]connecter, cerrar sesi[óo]n, uitloggen, afmelden, logga ut, logg ut, log ud,
  disconnetti, terminar sess[ãa]o, wyloguj( si[ęe])?, odhl[áa]sit, выйти,
  ${inAllLanguages('logOut')}
`);

/** Buttons that go on. */
export const NEXT = anyWord(`
  next, continue, proceed, go, submit, send, ok, okay, verify, confirm, unlock, enter, done,
  authenticate, weiter, fortfahren, best[äa]tigen, absenden, pr[üu]fen, senden, freischalten, suivant,
  continuer, valider, v[ée]rifier, confirmer, envoyer, siguiente, continuar, verificar, confirmar,
  enviar, avanti, continua, verifica, conferma, volgende, doorgaan, avan[çc]ar, dalej, далее,
  ${inAllLanguages('next')}
`);

/** Buttons that keep something: the form belongs to an account, not to a login. */
export const SAVE = anyWord(`
  save, save changes, update, apply, store, edit, change, speichern, sichern, [äa]ndern, aktualisieren,
  [üu]bernehmen, enregistrer, sauvegarder, mettre [àa] jour, modifier, guardar, actualizar, modificar,
  salva, salvar, aggiorna, opslaan, zapisz,
  ${inAllLanguages('save')}
`);

/** Buttons and headings of forms that make an account. */
export const SIGN_UP = anyWord(`
  sign ?up, sign-up, register, registration, create (an? |your )?(new |free )?account, join( now)?,
  get started, registrieren, konto (erstellen|anlegen|er[öo]ffnen), s['’]inscrire, inscription,
  cr[ée]er (un|mon|votre) compte, reg[íi]strate, registrarse, crear (una |tu )?cuenta, registrati,
  registreren, cadastr*,
  ${inAllLanguages('signUp')}
`);

/** Headings and buttons of forms that send a new password. */
export const RECOVER = anyWord(`
  forgot(ten)?, reset, recover*, lost (your )?password, vergessen, zur[üu]cksetzen, wiederherstellen,
  oubli[ée]e?, r[ée]initialiser, r[ée]cup[ée]rer, olvid*, restablecer, recuperar, dimenticat*,
  vergeten,
  ${inAllLanguages('recover')}
`);

/** Buttons that do anything but log in, beside every form. */
export const ASIDE = anyWord(`
  back, cancel, help, learn more, terms, privacy, imprint, cookies?, accept all, reject all,
  only necessary, contact, support, resend, send (it |the code |a new code |code )?again, new code,
  show, hide, clear, close, sign ?out, log ?out, remove, create, skip to, language, settings, download,
  zur[üu]ck, abbrechen, hilfe, impressum, datenschutz, nutzungsbedingungen, alle akzeptieren,
  nur notwendige, erneut, nochmals?, anzeigen, einblenden, ausblenden, schlie[ßs]+en, abmelden,
  entfernen, sprache, retour, annuler, aide, renvoyer, afficher, masquer, fermer, d[ée]connexion,
  se d[ée]connecter, mentions l[ée]gales, volver, cancelar, ayuda, reenviar, mostrar, ocultar, cerrar,
  cerrar sesi[óo]n, atr[áa]s, privacidad
`);
