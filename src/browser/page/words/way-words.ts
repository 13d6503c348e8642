/*
 * Labels that ask the site for a code, ask for it again, or lead back to the password: by language, each a regular expression in lower
 * case for a whole label. They are told apart from what sends the form they stand beside.
 */

export interface WayWords {
  /** Sends the first code. */
  send: readonly string[];
  /** Sends it once more: a code, a link, a notification. */
  again: readonly string[];
  /** Leads to the form that asks for a password. */
  password: readonly string[];
}

export const WAY_WORDS: Readonly<Record<string, WayWords>> = {
  en: {
    send: [
      '(?:get|send|request|receive|email|text|obtain)(?: me)?(?: (?:the|a|my|your))?(?: (?:sms|verification|security|login|sign-?in|one-?time|access|auth(?:entication)?|dynamic))?(?: (?:code|passcode|otp|pin|password by sms))(?: (?:now|via sms|by sms|by e-?mail))?',
      '(?:send|get) (?:otp|sms)',
    ],
    again: [
      "(?:did(?: not|n['’]t) (?:get|receive) (?:it|a code|the code|the e-?mail|an e-?mail)\\?? ?)?(?:please )?re-?send(?: (?:it|me))?(?: (?:the|a|an|my|your))?(?: (?:new|sms|verification|security|one-?time|magic|login|sign-?in|text|push))?(?: (?:code|passcode|otp|pin|e-?mail|link|message|sms|notification|request|prompt))?",
      '(?:send|request|get|email|text)(?: me)?(?: (?:the|a|an|it|my))?(?: (?:new|another|fresh))?(?: (?:code|passcode|otp|e-?mail|link|message|sms|notification|request|prompt))?(?: again| once more)',
      '(?:send|request|get|email|text)(?: me)?(?: (?:a|an))? ?(?:new|another) (?:code|passcode|otp|e-?mail|link|message|sms|notification|request|prompt)',
      'try (?:sending )?again',
    ],
    password: [
      '(?:use|enter|sign ?in with|log ?in with|continue with|try)(?: (?:my|your|a|the))?(?: account)? password(?: instead)?',
      '(?:account |user ?name (?:and|&|/) )?password (?:log ?in|sign ?in|login)',
      '(?:log|sign)[ -]?in (?:with|by|using|via)(?: (?:a|my|your|the|user ?name and))? password(?: instead)?',
    ],
  },
  de: {
    send: [
      '(?:sms-?|best[äa]tigungs-?|sicherheits-?|einmal-?|anmelde-?|zugangs-?)?(?:code|tan|pin) (?:anfordern|senden|erhalten|zusenden|schicken|abrufen)',
    ],
    again: [
      '(?:neuen |den )?(?:sms-?|best[äa]tigungs-?|sicherheits-?|einmal-?)?(?:code|tan|link|e-?mail|nachricht|mitteilung|anfrage)? ?(?:erneut|nochmals?|noch einmal|neu) (?:senden|anfordern|zusenden|schicken|versenden)',
      'neuen (?:code|link) (?:anfordern|senden|schicken)',
    ],
    password: [
      '(?:stattdessen )?(?:mit )?(?:passwort|kennwort) (?:verwenden|eingeben|anmelden|einloggen|benutzen|nutzen)',
      '(?:anmelden|anmeldung|einloggen|login) (?:mit|per|[üu]ber) (?:passwort|kennwort)',
      '(?:passwort|kennwort)-?(?:login|anmeldung)',
    ],
  },
  fr: {
    send: [
      '(?:recevoir|obtenir|envoyer|demander)(?: (?:le|un|mon))? code(?: (?:de v[ée]rification|par sms|par e-?mail))?',
    ],
    again: [
      '(?:renvoyer|r[ée]envoyer)(?: (?:le|un|moi un))?(?: nouveau)?(?: (?:code|lien|e-?mail|courriel|sms|message))?',
      '(?:demander|recevoir|envoyer) un nouveau (?:code|lien)',
    ],
    password: [
      '(?:utiliser|saisir|se connecter avec|connexion (?:avec|par))(?: (?:un|le|mon|votre))? mot de passe(?: [àa] la place)?',
    ],
  },
  es: {
    send: [
      '(?:obtener|enviar|recibir|solicitar|pedir)(?: (?:el|un))? c[óo]digo(?: (?:de verificaci[óo]n|por sms))?',
    ],
    again: [
      '(?:reenviar|volver a enviar|enviar de nuevo)(?: (?:el|un))?(?: (?:c[óo]digo|enlace|correo|sms|mensaje))?',
      '(?:solicitar|enviar|pedir) (?:un )?nuevo (?:c[óo]digo|enlace)',
    ],
    password: [
      '(?:usar|utilizar|introducir|iniciar sesi[óo]n con|entrar con|acceder con)(?: (?:la|mi|su|una))? contrase[ñn]a(?: en su lugar)?',
    ],
  },
  it: {
    send: ['(?:ottieni|invia|ricevi|richiedi)(?: (?:il|un))? codice(?: (?:di verifica|via sms))?'],
    again: [
      '(?:reinvia|invia di nuovo|rinvia|invia nuovamente)(?: (?:il|un))?(?: (?:codice|link|e-?mail|sms|messaggio))?',
      '(?:richiedi|invia) un nuovo (?:codice|link)',
    ],
    password: ['(?:usa|utilizza|inserisci|accedi con)(?: (?:la|una|tua))? password(?: invece)?'],
  },
  pt: {
    send: [
      '(?:obter|enviar|receber|solicitar|pedir)(?: (?:o|um))? c[óo]digo(?: (?:de verifica[çc][ãa]o|por sms))?',
    ],
    again: ['(?:reenviar|enviar novamente|enviar de novo)(?: (?:o|um))?(?: (?:c[óo]digo|link|e-?mail|sms))?'],
    password: ['(?:usar|utilizar|entrar com|inserir)(?: (?:a|uma|minha))? (?:senha|palavra-?passe)'],
  },
  nl: {
    send: [
      '(?:sms-?|verificatie-?)?code (?:aanvragen|ontvangen|versturen|sturen|opvragen)',
      '(?:stuur|verstuur|ontvang)(?: (?:de|een|mij een))? code',
    ],
    again: [
      '(?:nieuwe )?(?:code|link|e-?mail|sms)? ?opnieuw (?:versturen|sturen|verzenden|aanvragen)',
      'stuur (?:een )?nieuwe (?:code|link)',
    ],
    password: ['(?:gebruik(?:en)?|inloggen met)(?: (?:je|een|mijn))? wachtwoord', 'wachtwoord gebruiken'],
  },
  pl: {
    send: ['(?:wy[śs]lij|pobierz|otrzymaj|uzyskaj) kod(?: (?:sms|weryfikacyjny))?'],
    again: [
      '(?:wy[śs]lij|prze[śs]lij)(?: (?:kod|link|e-?mail|sms))? ponownie(?: (?:kod|link))?',
      'wy[śs]lij nowy (?:kod|link)',
    ],
    password: ['(?:u[żz]yj|zaloguj si[ęe] za pomoc[ąa]|logowanie) has[łl](?:a|em)'],
  },
  ru: {
    send: ['(?:получить|отправить|запросить|выслать) (?:код|смс|sms)(?: (?:подтверждения|по sms|по смс))?'],
    again: [
      '(?:отправить|выслать|запросить|получить)(?: (?:код|ссылку|письмо|смс|sms))? (?:ещ[её] раз|повторно|снова|заново)(?: (?:код|ссылку))?',
      '(?:отправить|запросить|получить) новый код',
    ],
    password: [
      '(?:войти|вход)(?: (?:с|по|при помощи|с помощью))? (?:паролем|паролю|пароля)',
      '(?:использовать|ввести) пароль',
    ],
  },
  sv: {
    send: ['(?:skicka|h[äa]mta|f[åa]|send|hent) (?:en )?(?:sms-?)?(?:kod|kode)'],
    again: [
      '(?:skicka|send) (?:en )?(?:ny )?(?:koden?|kode|l[äa]nken?|link|kode)? ?(?:igen|p[åa] nytt|en gang til)',
      '(?:skicka|send) (?:en )?ny (?:kode?|l[äa]nk|link)',
    ],
    password: [
      '(?:anv[äa]nd|brug|bruk|logga in med|log ind med|logg inn med) (?:l[öo]senord|adgangskode|passord)',
    ],
  },
  tr: {
    send: ['(?:sms |do[ğg]rulama |onay )?kodu? (?:g[öo]nder|al|iste)'],
    again: ['(?:kodu? |ba[ğg]lant[ıi]y[ıi] )?(?:yeniden|tekrar) g[öo]nder'],
    password: ['[şs]ifre ile (?:giri[şs]|giri[şs] yap)', '[şs]ifre(?:mi|ni)? kullan'],
  },
  ja: {
    send: [
      '(?:認証|確認|sms|ワンタイム)?(?:コード|番号|パスワード)を(?:送信|取得|受け取る|送る|発行)(?:する)?',
    ],
    again: [
      '(?:認証|確認)?(?:コード|番号|メール|リンク)?(?:を)?再(?:送信|送|発行)(?:する)?',
      'もう一度送信(?:する)?',
    ],
    password: [
      'パスワードで(?:ログイン|サインイン|続行)(?:する)?',
      'パスワードを(?:使用|入力|使う)(?:する)?',
      'パスワード(?:ログイン|認証)',
    ],
  },
  zh: {
    send: [
      '(?:点击|點擊|立即|免费)?(?:获取|獲取|取得|发送|發送|接收|傳送)(?:短信|手机|手機|簡訊|动态)?(?:验证码|驗證碼|校验码|动态码|动态密码)',
    ],
    again: [
      '(?:重新|再次)(?:获取|獲取|发送|發送|傳送|取得)(?:短信|手机)?(?:验证码|驗證碼|校验码|邮件|郵件|链接)?',
      '重[发發](?:验证码|驗證碼)?',
    ],
    password: [
      '(?:账号|帐号|账户|帳號|使用|用户名|手机|手机号)?密[码碼](?:登录|登入|登錄)',
      '(?:使用|用|改用)密[码碼](?:登录|登入|登錄)?',
    ],
  },
  ko: {
    send: ['(?:인증 ?번호|인증 ?코드|확인 ?코드)(?:를)? ?(?:받기|전송|발송|요청|보내기)'],
    again: [
      '(?:인증 ?번호|인증 ?코드|코드|메일|링크)?(?:를)? ?(?:재전송|재발송|다시 ?(?:보내기|받기|전송|요청))',
    ],
    password: ['(?:비밀번호|패스워드)(?:로|를)? ?(?:로그인|입력|사용)(?:하기)?'],
  },
};
