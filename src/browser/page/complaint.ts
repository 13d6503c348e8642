import type { TextBlock } from './frame-snapshot.ts';
import type { PageReading } from './page-reading.ts';
import { anyPhrase, anyWord } from './words/pattern.ts';

const COMPLAINT = anyWord(`
  wrong, incorrect\\p{L}*, invalid, not valid, error, errors, fail\\p{L}*, failure, denied, refused, rejected, locked( out)?, blocked, disabled, suspended, expired, unknown, unrecogni[sz]ed, mismatch, do not match, (does|did) not (match|work|recogni[sz]e), (doesn|didn|don|couldn|can|isn|aren|wasn|won)[’']t, could not, cannot, unable, not (right|correct|recogni[sz]ed|found|match|allowed|possible|accepted|registered), no (account|user), try again, please (enter|check|provide|try), too many, attempts?, must, required, sorry, problem, already (used|been used),
  falsch\\p{L}*, inkorrekt, ung[üu]ltig\\p{L}*, fehler\\p{L}*, fehlgeschlagen, gescheitert, nicht (g[üu]ltig|richtig|korrekt|gefunden|m[öo]glich|erkannt|bekannt|[üu]berein), stimmt nicht, stimmen nicht, konnte\\p{L}* nicht, unbekannt\\p{L}*, gesperrt, abgelaufen, verweigert, erneut, nochmals, bitte (pr[üu]fen|[üu]berpr[üu]fen|geben), versuch\\p{L}*, leider, bereits verwendet,
  incorrecte?s?, invalide?s?, erron[ée]\\p{L}*, erreur, [ée]chou[ée]\\p{L}*, [ée]chec, inconnue?, bloqu[ée]e?, verrouill[ée]e?, expir[ée]e?, r[ée]essayez, r[ée]essayer, ne correspond\\p{L}* pas, impossible, tentatives?, mauvais\\p{L}*, pas (valide|valable|reconnu\\p{L}*|correct\\p{L}*), veuillez (v[ée]rifier|saisir|entrer),
  incorrect[oa]s?, inv[áa]lid[oa]s?, err[óo]ne[oa]s?, equivocad[oa], fall[oóa]\\p{L}*, bloquead[oa], caducad[oa], expirad[oa], desconocid[oa], no (es|son) (v[áa]lid|correct)\\p{L}*, no (coincide|existe|se pudo|pudimos|reconocemos)\\p{L}*, int[ée]nt\\p{L}*, vuelva a, vuelve a, int[ée]ntalo, errat[oa], sbagliat[oa], non (valid|corrett)\\p{L}*, riprova, onjuist\\p{L}*, ongeldig\\p{L}*, opnieuw, fout\\p{L}*, feil, fel, forkert, nieprawid[łl]ow\\p{L}*, b[łl][ęe]dn\\p{L}*, неверн\\p{L}*, ошибк\\p{L}*
`);

const NUMBER = '(\\d+|one|two|three|four|five|last|final|only|a)';
const COUNTS = anyPhrase(`
  ${NUMBER} (more |further |remaining |other )?(login |sign-?in |password |log-?in )?(attempts?|tr(y|ies)|chances?)( (left|remaining|remain|more|before)).*,
  ${NUMBER} (more|remaining|further|last|final) (login |sign-?in |log-?in )?(attempts?|tr(y|ies)|chances?), (attempts?|tries) (left|remaining)\\W*\\d*, last (attempt|chance), \\d+ attempts?, you have ${NUMBER} .*(attempts?|tries|chances?), (account|access|user) (will|may|can) be (temporarily )?(locked|blocked|disabled|suspended),
  (noch|nur noch|verbleiben\\p{L}*|bleiben)( \\p{L}+)? (\\d+|ein\\p{L}*|zwei|drei|vier|f[üu]nf) (weitere\\p{L}* |verbleibende\\p{L}* )?(anmelde|login-?)?versuche?, \\d+ (weitere |verbleibende )?(anmelde|login-?)?versuche?, verbleibende versuche\\W*\\d*, letzte\\p{L}* versuch, (konto|zugang|benutzer) wird .*gesperrt,
  (reste|restent|encore|plus qu['’]|avez)( plus que| plus qu['’])?( \\p{L}+)? ?(\\d+|une?|deux|trois) (autres? )?(tentatives?|essais?), \\d+ (tentatives?|essais?)( restante?s?)?, derni[èe]re tentative, dernier essai, compte sera (temporairement )?(bloqu[ée]|verrouill[ée]|suspendu),
  (le|te|les|os)? ?quedan? (solo |s[óo]lo )?(\\d+|un|una|dos|tres) (intentos?|oportunidad(es)?), \\d+ intentos?( restantes?| m[áa]s)?, (un|dos|tres|[úu]ltimo) intentos?( restantes?| m[áa]s)?, cuenta (ser[áa]|se) (bloquead[oa]|bloquear[áa]),
  \\d+ tentativ[oi]( rimast[io]| rimanent[ei])?, (rimangono|restano) \\d+ tentativi, \\d+ tentativas?( restantes?)?, (restam?) \\d+ tentativas?, nog \\d+ poging(en)?, \\d+ poging(en)? (over|resterend)
`);

const REFUSAL_CHARACTERS = 300;

/** Texts in the order in which they are likely to be a complaint; the same text once. */
export function rankComplaints(blocks: readonly TextBlock[]): TextBlock[] {
  const seen = new Set<string>();
  const single = blocks.filter(({ text }) => !seen.has(text) && seen.add(text));
  return single.toSorted((a, b) => scoreOf(b) - scoreOf(a));
}

/** Whether a complaint tells how many attempts remain, or threatens to lock: nothing more may be tried by itself. */
export function countsAttempts(text: string): boolean {
  return COUNTS.test(text);
}

/**
 * The site's complaint about what was submitted between two readings: text that is new since then. On the same form
 * any marked or complaining text counts, on another one only what is both marked and complaining. `before` is absent
 * for a page that was just opened. `previous`: the complaint that `before` showed, for a site that answers twice in the
 * same words; without it such an answer is understood where it is marked.
 */
export function complaintOf(
  before: PageReading | undefined,
  after: PageReading,
  previous?: string,
): string | undefined {
  const known = new Set((before?.texts ?? []).map(simplified));
  const fresh = after.textBlocks.filter(({ text }) => !known.has(simplified(text)));
  const same = before !== undefined && asksTheSame(before, after);
  const found = fresh.find((block) => (same ? scoreOf(block) >= 2 : isLoudComplaint(block)));
  if (found !== undefined || !same) return found?.text;
  return after.texts.find((text) => text === previous) ?? after.textBlocks.find(isStandingComplaint)?.text;
}

function asksTheSame(before: PageReading, after: PageReading): boolean {
  const asked = ({ purpose, fields }: PageReading) => [purpose, ...fields.map(({ ref }) => ref)].join(' ');
  return after.purpose !== 'none' && asked(before) === asked(after);
}

/** Shown before and after: the answer to the first try, given again to the second. */
function isStandingComplaint(block: TextBlock): boolean {
  return complains(block) && (block.live === 'alert' || block.invalid || (block.named && block.near));
}

/** On another page every text is new, so that words alone prove nothing. */
function isLoudComplaint(block: TextBlock): boolean {
  return (
    complains(block) &&
    block.live !== 'status' &&
    (block.live === 'alert' || block.invalid || block.named || block.red)
  );
}

function complains({ text }: TextBlock): boolean {
  return text.length <= REFUSAL_CHARACTERS && (COMPLAINT.test(text) || COUNTS.test(text));
}

/** How likely the text is a complaint, by its marks and its words. */
function scoreOf(block: TextBlock): number {
  const { text, live, invalid, named, red, near, heading } = block;
  if (text.length > REFUSAL_CHARACTERS) return 0;
  let score = complains(block) ? 2 : 0;
  if (live === 'alert') score += 3;
  if (invalid) score += 3;
  if (red) score += 2;
  if (named) score += 1;
  if (near && !heading) score += 1;
  return score;
}

function simplified(text: string): string {
  return text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
}
