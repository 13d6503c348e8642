/*
 * What a login tells a person beside a question, in our words: an English sentence, which travels and which older clients
 * show, and a code by which a page says it in the person's language.
 */

export const NOTICES = {
  unsent: 'The last answer could not be entered. Please answer again.',
  unseen: 'What the site made of the last answer could not be seen. Check before you answer again.',
  not_for_here: 'What is stored was stored for another host, so it is not typed here by itself.',
  not_kept: 'The site did not keep the login open, so it begins anew. What was entered last was not sent.',
  restarted: 'The browser had to be started again, so the login begins anew.',
  read_only: 'A field of the site stays read-only, so that nothing can be typed into it. Nothing was sent.',
  answer_missing: 'Nothing was sent, because the site requires more than was answered.',
  held_back: 'Nothing was sent: the page holds the answer back. Please mend it and answer again.',
  not_finished:
    'Signing in with a provider was not finished: its page or window was closed, or did not answer. Choose it again, or another way.',
} as const;

export type NoticeCode = keyof typeof NOTICES;

/** The code of a sentence, which names may follow; undefined for one that is not of {@link NOTICES}. */
export function noticeCodeOf(sentence: string | undefined): NoticeCode | undefined {
  const codes = Object.keys(NOTICES) as NoticeCode[];
  return codes.find((code) => sentence?.startsWith(NOTICES[code]));
}
