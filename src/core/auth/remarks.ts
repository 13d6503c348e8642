import type { ConsentNote, PageView } from '../../contract/index.ts';

/** What each answer to a consent notice means. */
const MEANINGS: Record<ConsentNote['answer'], string> = {
  reject: 'everything that can be refused was refused',
  necessary: 'only what is necessary was allowed',
  save: 'what the site had ticked was kept',
  close: 'it was put away without an answer',
  acknowledge: 'it asked for nothing else',
  accept: 'it offered nothing less',
};

const CODE_SENT = 'The site was asked to send a code.';

/** What was done on a page without asking anybody, as sentences for people. */
export function remarksOn(page: PageView): string[] {
  const { consent = [] } = page;
  const told = consent.map(
    ({ answer, label }) =>
      `A consent notice of the site was answered with “${label}”: ${MEANINGS[answer] ?? 'so that the login can go on'}.`,
  );
  return page.kind === 'form' && page.codeSent ? [...told, CODE_SENT] : told;
}
