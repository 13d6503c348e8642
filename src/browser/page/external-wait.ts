import type { Method } from './mfa-method.ts';
import { isBrief, type ProbedFrame, proseOf } from './probed-frame.ts';
import { anyPhrase, anyWord, type Phrases } from './words/pattern.ts';

const PUSH_WAIT = anyPhrase(`
  approve (the|this|your|a)? ?(\\p{L}+[- ])?(sign-?in|log-?in|login|request|notification)( request)?,
  approve (it|the \\p{L}+) (on|in|from) your \\p{L}+, check your (phone|mobile|device|smartphone),
  (sent|send|sending) (a|an|you a|you an) (push )?(notification|approval request|request|prompt),
  open the \\p{L}+ app, open your \\p{L}+ app, tap yes, respond to the (prompt|notification), waiting for (your )?approval,
  best[äa]tigen sie .*(smartphone|handy|telefon|app|ger[äa]t)\\p{L}*, genehmigen sie \\p{L}+ .*, .*freigeben.*(app|smartphone|handy),
  (benachrichtigung|mitteilung|push-nachricht) .*(gesendet|geschickt), pr[üu]fen sie ihr (smartphone|handy|telefon),
  approuvez .*, (notification|demande) .*envoy[ée]e.*, v[ée]rifiez votre (t[ée]l[ée]phone|appareil|smartphone),
  apruebe .*, aprueba .*, (notificaci[óo]n|solicitud) .*enviad[oa].*, (revisa|revise|compruebe) (tu|su) (tel[ée]fono|m[óo]vil|dispositivo)
`);
const MAIL_WAIT = anyPhrase(`
  (click|follow|open|use|tap) (on )?(the|that|this) .*(link|button) .*(e-?mail|inbox|sent|message).*, (sent|e-?mailed) .*(link).*,
  check your (e-?mail|inbox) .*link.*, magic link, (link|e-mail) .*(gesendet|geschickt|verschickt).*,
  klicken sie auf den link.*, (lien) .*envoy[ée].*, cliquez sur le lien.*, enlace .*enviad[oa].*, (haga|haz) clic en el enlace.*,
  enviad[oa] un enlace.*, envoy[ée] un lien.*,
  (e-?mailed|mailed) .*link.*, (check|open) your (e-?mail|inbox|mailbox).*(sign|log) ?in.*,
  link .*(zugeschickt|zugesandt|per e-?mail).*, (inviato|inviata) .*link.*, link .*(inviato|inviata).*, (clicca|fai clic) sul link.*,
  (enviamos|enviado|mandamos) .*link.*, clique no link.*, link .*(gestuurd|verstuurd|verzonden).*, klik op de link.*,
  wys[łl]ali[śs]my .*link.*, kliknij (w )?link.*, (отправили|отправлена|выслали) .*ссылк.*, перейдите по ссылке.*,
  (skickat|sendt) .*l[äae]nk.*, ba[ğg]lant[ıi] .*g[öo]nder.*
`);
/** Of scripts that put no blanks between words. */
const UNSPACED_MAIL_WAIT =
  /(メール|リンク).{0,40}(送信しました|お送りしました|送りました|クリックして)|(邮件|郵件|链接|連結).{0,30}(已发送|已發送|已寄出|点击|點擊)|(已|已经|已經)?(发送|發送|寄).{0,30}(链接|連結|登录邮件)|(이메일|메일|링크).{0,40}(보냈습니다|전송했습니다|발송했습니다|클릭)/u;
const CHECK_MAIL = anyWord(
  'check your (e-?mail|inbox|mailbox), (pr[üu]fen|checken|öffnen) sie (ihr|ihre|ihren) (postfach|posteingang|e-?mails?), (v[ée]rifiez|consultez) (votre|vos) (bo[îi]te|e-?mails?|courriels?|messagerie), (revisa|revise|consulta) (tu|su) (correo|bandeja)',
);
const KEY_WAIT = anyWord(`
  (insert|touch|tap|use|connect|plug in|activate) (your|the|a) (security key|passkey|yubikey|fido2? key|hardware key), waiting for (your )?(security key|passkey),
  (stecken|ber[üu]hren|verwenden|nutzen|legen) sie (ihren|den|ihr) (sicherheitsschl[üu]ssel|passkey|hauptschl[üu]ssel).*, sicherheitsschl[üu]ssel (einstecken|ber[üu]hren),
  (ins[ée]rez|touchez|utilisez) votre cl[ée] (de s[ée]curit[ée]|d['’]acc[èe]s), (inserte|inserta|toque|toca|use|usa) (su|tu) (llave|clave) de (seguridad|acceso)
`);

const KINDS: readonly [Method, Phrases][] = [
  ['passkey', KEY_WAIT],
  ['email', MAIL_WAIT],
  ['email', UNSPACED_MAIL_WAIT],
  ['push', PUSH_WAIT],
  ['email', CHECK_MAIL],
];
const MESSAGE_CHARACTERS = 300;

/** What a page without fields waits for, in its own words; undefined where it waits for nothing. */
export function externalWaitOf(
  frames: readonly ProbedFrame[],
): { message: string; mfaType: Method } | undefined {
  if (!isBrief(frames)) return undefined;
  for (const [mfaType, pattern] of KINDS) {
    for (const frame of frames) {
      const prose = proseOf(frame);
      const at = prose.findIndex((text) => text.length < 400 && pattern.test(text));
      if (at >= 0) return { message: messageFrom(prose, at), mfaType };
    }
  }
  return undefined;
}

/** Whether a page without fields waits for a passkey or a security key, which this browser has none of. */
export function waitsForKey(frames: readonly ProbedFrame[]): boolean {
  return externalWaitOf(frames)?.mfaType === 'passkey';
}

/** The text that told, and what follows it: the number to choose often stands in a paragraph of its own. */
function messageFrom(prose: readonly string[], at: number): string {
  let message = prose[at] ?? '';
  for (const text of prose.slice(at + 1, at + 3)) {
    if (message.length + text.length < 200 && !/cookie/i.test(text)) message += ` ${text}`;
  }
  return message.slice(0, MESSAGE_CHARACTERS).trim();
}
