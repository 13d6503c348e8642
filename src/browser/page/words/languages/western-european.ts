import type { LanguageWords } from './language-words.ts';

/** What the lists for English, German, French and Spanish lack: Italian, Portuguese, Dutch, Catalan, Galician, Basque, and more of the four. */
export const WESTERN_EUROPEAN: Record<
  'it' | 'pt' | 'nl' | 'ca' | 'gl' | 'eu' | 'de' | 'fr' | 'es',
  LanguageWords
> = {
  it: {
    login: 'accedi, accesso, entra, effettua il login, effettuare il login, accedere',
    logOut: 'esci, disconnetti(ti)?',
    next: 'avanti, continua, invia, conferma, prosegui, procedi',
    signUp: 'registrati, registrazione, crea (un )?(account|profilo), iscriviti, nuovo cliente',
    recover: 'dimenticat*, recupera*, reimposta*, hai dimenticato',
    identifier:
      'nome utente, utente, indirizzo e-?mail, posta elettronica, codice (fiscale|cliente|utente|titolare), cellulare, telefono',
    password: "parola chiave, parola d['’]ordine",
    newPassword: 'nuova password, ripeti*, conferma (la )?password, di nuovo',
    strongCode: 'codice (di (verifica|sicurezza|conferma|accesso)|otp|sms|temporaneo)',
    code: 'codice',
    search: 'cerca, ricerca',
    newsletter: 'iscriviti alla newsletter',
    profile: 'cognome, indirizzo, citt[àa], cap',
    save: 'salva, modifica, aggiorna',
  },
  pt: {
    login:
      'entrar, iniciar sess[ãa]o, inicie sess[ãa]o, acessar, acesse, aceder, acesso, fazer login, fa[çc]a login, autenticar, efetuar login',
    logOut: 'sair, terminar sess[ãa]o, encerrar sess[ãa]o',
    next: 'pr[óo]xim[oa], continuar, avan[çc]ar, seguinte, enviar, prosseguir, confirmar',
    signUp:
      'cadastr*, registar(-se)?, registre(-se)?, registe-se, criar (uma |sua |a sua )?conta, crie (uma |sua )?conta, inscrev[ae](-se)?, novo cliente',
    recover: 'esquec*, recuperar, redefinir, perdeu a',
    identifier:
      'usu[áa]rio, utilizador, nome de (usu[áa]rio|utilizador), cpf, cnpj, telefone, telem[óo]vel, celular, endere[çc]o de e-?mail, matr[íi]cula',
    password: 'senha*, palavra[ -]passe, palavra[ -]chave',
    newPassword:
      'nova (senha|palavra[ -]passe), confirm[ae](r)?( a)? (senha|palavra[ -]passe), repet[ei]*, repita*',
    strongCode: 'c[óo]digo de (verifica[çc][ãa]o|seguran[çc]a|acesso|confirma[çc][ãa]o)',
    code: 'c[óo]digo',
    search: 'pesquis*, buscar, busca, procurar',
    newsletter: 'assinar, boletim, receb[ae] (novidades|ofertas)',
    profile: 'sobrenome, apelido, endere[çc]o, morada, cidade, cep, bairro, c[óo]digo postal',
    save: 'salvar, guardar, alterar, atualizar',
  },
  nl: {
    login: 'inloggen, log in, aanmelden, meld je aan, aanloggen, inlog',
    logOut: 'uitloggen, afmelden, log uit',
    next: 'volgende, doorgaan, verder, ga verder, verstuur, verzenden, bevestig(en)?',
    signUp:
      'registreer*, registreren, registratie, account aanmaken, maak (een |je )?account( aan)?, inschrijven, nieuwe klant',
    recover: 'vergeten, herstel*',
    identifier:
      'gebruikers?naam, gebruiker*, e-?mail ?adres, klantnummer, telefoonnummer, lidnummer, inlognaam, studentnummer',
    password: 'wachtwoord*, pincode',
    newPassword: 'nieuw wachtwoord, herhaal*, bevestig (je )?wachtwoord, wachtwoord bevestigen',
    strongCode: 'verificatiecode, bevestigingscode, beveiligingscode, eenmalig*, sms-?code',
    search: 'zoek*',
    newsletter: 'nieuwsbrief, nieuwsbrieven, abonneer*',
    profile: 'voornaam, achternaam, straat, huisnummer, woonplaats',
    save: 'opslaan, wijzig(en)?, bewaar',
  },
  ca: {
    login:
      "inicia( la)? sessi[óo], iniciar sessi[óo], entra, accedeix, accedir, acc[ée]s, identifica't, identificaci[óo]",
    logOut: 'tanca( la)? sessi[óo], surt, sortir, desconnecta',
    next: 'seg[üu]ent, continua, envia, confirma, endavant',
    signUp: "registra't, registreu-vos, crea (un |el teu )?compte, dona't d'alta",
    recover: 'has oblidat, heu oblidat, oblidat, recupera*, restableix',
    identifier: "usuari, nom d['’]usuari, correu( electr[òo]nic)?, tel[èe]fon, nif, document d['’]identitat",
    password: "contrasenya, clau d['’]acc[ée]s",
    newPassword: 'nova contrasenya, repeteix*, confirma( la)? contrasenya',
    code: 'codi',
    search: 'cerca, cercar',
    newsletter: 'butllet[íi]',
  },
  gl: {
    login: 'iniciar sesi[óo]n, inicia sesi[óo]n, acceder',
    logOut: 'pechar sesi[óo]n',
    signUp: 'crear unha conta, rexistr*',
    recover: 'esqueciches, esqueceu',
    identifier: 'usuari[oa], nome de usuari[oa], correo',
    password: 'contrasinal',
    newPassword: 'novo contrasinal, repite',
  },
  eu: {
    login: 'saioa hasi, hasi saioa, sartu',
    logOut: 'saioa itxi, irten',
    next: 'hurrengoa, jarraitu',
    signUp: 'erregistratu, eman izena',
    recover: 'ahaztu',
    identifier: 'erabiltzaile*, posta elektronikoa',
    password: 'pasahitz*',
    newPassword: 'pasahitz berria, errepikatu',
    code: 'kodea',
    search: 'bilatu',
  },
  de: {
    login: 'zum login, jetzt anmelden, melden sie sich an, bitte anmelden, einwählen',
    signUp: 'jetzt registrieren, neu hier, neukunde*, neues konto, kostenlos anmelden, registrierung',
    identifier:
      'login-?name, mitgliedsnummer, mitglieds-?nr, versichertennummer, teilnehmernummer, legitimations-?id, verfüger*, alias',
    newPassword: 'passwort wiederholen, passwort bestätigen, noch ?mals',
    newsletter: 'anmelden zum newsletter',
  },
  fr: {
    login:
      "me connecter, connectez-vous, connecte-toi, se connecter, identifiez-vous, s['’]authentifier, authentification, j['’]ai déjà un compte, ouvrir une session",
    signUp: "créer (un|mon|votre) compte, inscrivez-vous, je m['’]inscris, m['’]inscrire, nouveau client",
    identifier:
      'adresse (e-?mail|électronique|courriel|mail), pseudo, pseudonyme, nom utilisateur, matricule, numéro (client|de (client|compte|téléphone|portable))',
    password: 'code (secret|personnel|confidentiel)',
  },
  es: {
    login:
      'iniciar sesión, inicie sesión, identifícate, identificarse, identifíquese, ingresa, ingrese, entra, accede',
    signUp: 'regístrate, regístrese, registro, crear cuenta, nuevo cliente, soy nuevo, hazte socio',
    recover: 'has olvidado, olvidaste, restablece',
    identifier:
      'nombre de usuario, correo electrónico, número de (cliente|teléfono|documento|socio), documento, rut, cédula, móvil, celular',
    password: 'clave de acceso, clave personal',
  },
};
