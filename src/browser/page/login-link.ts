import type { Control } from './frame-snapshot.ts';
import { mayPost } from './may-post.ts';
import type { Target } from './page-reading.ts';
import type { ProbedFrame } from './probed-frame.ts';
import { LOG_OUT, LOGIN } from './words/button-words.ts';

const ACCOUNT =
  /^(my account|account|mein konto|konto|kundenkonto|mon compte|espace client|mi cuenta|área de clientes|mijn account|il mio account)$/iu;
const PATH =
  /(^|[/_.-])(log[-_]?in|sign[-_]?in|logon|anmeld[a-z]*|einloggen|connexion|session(s)?\/new|iniciar-sesion)([/_.?-]|$)/i;
const LABEL_CHARACTERS = 40;

/**
 * The link or button of a page without a form that leads to one. Beside a way out, "My account" and what merely looks
 * like a login's path lead somewhere else.
 */
export function loginLinkOf(frames: readonly ProbedFrame[]): (Target & { label: string }) | undefined {
  const isInside = frames.some(({ snapshot }) => snapshot.controls.some(leadsOut));
  const offers = frames.flatMap(({ frame, snapshot }) =>
    snapshot.controls.map((control) => ({
      frame,
      control,
      label: control.label,
      score: (isInside && !LOGIN.test(control.label)) || mayPost(control, snapshot) ? 0 : scoreOf(control),
    })),
  );
  const ranked = offers.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
  return ranked[0];
}

function leadsOut({ kind, shown, label }: Control): boolean {
  return (
    ['link', 'button'].includes(kind) && shown && label.length <= LABEL_CHARACTERS && LOG_OUT.test(label)
  );
}

function scoreOf({ kind, shown, disabled, label, href, region }: Control): number {
  if (!['link', 'button'].includes(kind) || !shown || disabled || label.length > LABEL_CHARACTERS) return 0;
  const words = label.split(/\s+/).length;
  const login = LOGIN.test(label) && words <= 5;
  const path = kind === 'link' && PATH.test(pathOf(href));
  const account = ACCOUNT.test(label);
  if (!login && !path && !(account && kind === 'link')) return 0;
  const top = ['header', 'nav', 'banner', 'navigation'].includes(region) ? 1 : 0;
  return (login ? 5 - Math.min(words, 4) * 0.5 : 0) + (path ? 2 : 0) + (account ? 0.5 : 0) + top;
}

function pathOf(href: string): string {
  return URL.canParse(href, 'http://site') ? new URL(href, 'http://site').pathname : '';
}
