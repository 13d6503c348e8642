import { inAllLanguages } from './languages/all-languages.ts';
import { anyWord } from './pattern.ts';

/** Words that name an identifier: user name, e-mail, customer number. */
export const IDENTIFIER = anyWord(`
  user, username, user ?name, user ?id, userid, uid, login, logon, log ?in, sign ?in, loginname,
  loginid, e ?mail, e-mail, email ?address, mail, account, identifier, identity, member*, customer*,
  handle, nickname, phone, phone ?number, mobile, mobile ?number, telephone, id, \\p{L}+ id, benutzer*,
  nutzer*, anmeldename, anmeldung, kennung, kunden(nummer|kennung|nr), mail ?adresse, mailadresse,
  konto*, zugangs(nummer|kennung), personalnummer, matrikel*, telefon*, handy*, mobil*, rufnummer,
  identifiant, nom d['’ ]utilisateur, utilisateur, courriel, compte, num[ée]ro client, t[ée]l[ée]phone,
  usuario, usu[aá]rio, correo, correo electr[oó]nico, cuenta, tel[eé]fono, identificador, dni, nif,
  utente, nome utente, utilizador, conta, gebruiker*, klantnummer, brugernavn, brukernavn,
  anv[äa]ndarnamn, k[äa]ytt[äa]j[äa]tunnus, u[żz]ytkownik*, u[žz]ivatel*, логин, почта,
  ${inAllLanguages('identifier')}
`);

/** Words that name a password. */
export const PASSWORD = anyWord(`
  password, passwd, pass, passphrase, passcode, pwd, pw, pin, passwort, kennwort, geheimzahl,
  mot de passe, mdp, contrase[ñn]a, clave, senha, palavra passe, parola, wachtwoord, adgangskode,
  l[öo]senord, has[łl]o, heslo, пароль,
  ${inAllLanguages('password')}
`);

/** Words that a second or a new password has in its name. */
export const NEW_PASSWORD = anyWord(`
  new, confirm, confirmation, repeat, retype, re ?enter, again, verify password, create, choose,
  password ?2, pass ?2, pw ?2, neu, neues, neue, best[äa]tigen, wiederholen, wiederholung, erneut,
  nouveau, nouvelle, confirmer, confirmez, r[ée]p[ée]ter, nueva, nuevo, confirmar, confirme, repetir,
  repita, nova, nuova, conferma, ripeti, nieuw, herhaal,
  ${inAllLanguages('newPassword')}
`);

/** Words that name a one-time code beyond doubt. */
export const STRONG_CODE = anyWord(`
  otp, totp, mfa, 2fa, tfa, one[ -]?time, onetime, two[ -]?factor, verification, verification ?code,
  verify ?code, security ?code, auth(entication)? ?code, sms ?code, email ?code, einmal*,
  best[äa]tigungs ?code, sicherheits ?code, pr[üu]f ?code, authentifizierungs ?code, tan, mtan,
  sms ?tan, code de (v[ée]rification|s[ée]curit[ée]|confirmation), usage unique,
  c[óo]digo de (verificaci[óo]n|seguridad|confirmaci[óo]n|acceso), codice di (verifica|sicurezza),
  c[óo]digo de verifica[çc][ãa]o, verificatiecode,
  ${inAllLanguages('strongCode')}
`);

/** Words that may name a one-time code. */
export const CODE = anyWord(`
  code, passcode, token, pin, digit, ziffer, chiffre, d[íi]gito, c[óo]digo, codice, \\p{L}+code,
  ${inAllLanguages('code')}
`);

/** Codes that are no second factor. */
export const OTHER_CODE = anyWord(`
  post, postal, postcode, zip, zipcode, area, country, promo*, coupon, discount, gift, voucher, invit*,
  referral, dial, sort, bank, swift, company, client, customer, user, member, source, gutschein*,
  vorwahl, plz, postleitzahl, rabatt*, aktions*, werbe*, kunden*, benutzer*, promotionnel,
  r[ée]duction, descuento, promocional, cup[óo]n, qr, color, colour, product, produkt*, artikel*
`);

/** Numbers of a card, an account or a person: what a payment or an office asks for. */
export const OTHER_NUMBER = anyWord(`
  cc ?num(ber)?, (credit|debit) ?card*, card ?num(ber)?, card ?no, cvv ?\\d?, cvc ?\\d?, csc, cid, expir*,
  name on card, card ?holder*, iban, bic, routing number, social ?security, ssn, tin ?\\d?, tax ?payer*, itin,
  kartennummer, kreditkarte*, pr[üu]fziffer, kontoinhaber, sozialversicherungsnummer, steuernummer,
  num[ée]ro de (carte|s[ée]curit[ée] sociale), carte bancaire, cryptogramme,
  n[úu]mero de (la )?tarjeta, tarjeta de cr[ée]dito, seguridad social, numero (della )?carta, carta di credito,
  n[úu]mero do cart[ãa]o, kaartnummer, kortnummer, 信用卡, カード番号, 카드번호
`);

/** Fields of a profile or an address: never of a login. */
export const PROFILE = anyWord(`
  first ?name, last ?name, given ?name, family ?name, surname, full ?name, middle ?name, street,
  address ?line*, city, town, zip, zip ?code, postal ?code, postcode, birth*, subject, message,
  website, url, fax, job title, vorname, nachname, stra[ßs]+e, ort, stadt, plz, postleitzahl, geburts*,
  betreff, nachricht, pr[ée]nom, nom de famille, rue, ville, apellido*, calle, ciudad,
  ${inAllLanguages('profile')}
`);

/** Fields that search. */
export const SEARCH = anyWord(`
  search, query, q, find, filter, suche*, such*, recherche*, rechercher, buscar, b[úu]squeda, cerca,
  zoek*, pesquisa*,
  ${inAllLanguages('search')}
`);

/** Fields and forms of newsletters. */
export const NEWSLETTER = anyWord(`
  newsletter*, subscribe, subscription, mailing ?list, stay (up to date|in touch|informed),
  mc embedded, abonnieren, s[’' ]abonner, abonnez, suscribir*, suscr[íi]bete, iscriviti, boletín,
  rundbrief,
  ${inAllLanguages('newsletter')}
`);

/** Fields that no person should fill. */
export const HONEYPOT = anyWord(`
  honey ?pot, leave (this )?(field )?(empty|blank), do not fill, don[’']t fill, leer lassen,
  nicht ausf[üu]llen, laisser vide, ne pas remplir, dejar (en blanco|vac[íi]o), are you (a )?human
`);

/** Fields that want a puzzle's solution. */
export const CAPTCHA = anyWord(`
  captcha*, \\p{L}*captcha, characters (you see|shown|in the image), text in the image,
  zeichen (aus dem|im) bild, sicherheitsabfrage, caract[èe]res de l['’]image
`);
