import type { ConsentWords } from './consent-words.ts';

const COOKIES =
  '(?: (?:all |the )?(?:cookies?|trackers?|tracking|purposes?|consent|uses?|personali[sz]ation))?';

/** English. */
export const ENGLISH: Record<'en', ConsentWords> = {
  en: {
    about: [
      'cookies?',
      'consent',
      'gdpr',
      'ccpa',
      'we (?:value|care about|respect) your privacy',
      'your privacy',
      'privacy (?:settings|preferences|choices|notice)',
      'tracking technologies',
      'personal data',
      'similar technologies',
      'advertising partners',
    ],
    reject: [
      `(?:no,? (?:thanks?,? )?)?(?:i )?(?:reject|decline|refuse|deny|disallow|opt[ -]?out(?: of)?|object(?: to)?|disagree)(?: (?:to )?(?:all|them|everything|it))?(?: (?:optional|non-?essential|non-?necessary|unnecessary|additional|analytics|marketing|third[ -]party))?${COOKIES}(?: (?:and|&) (?:close|continue|proceed|exit))?`,
      `(?:i )?do(?:es)?(?: not|n['’]t) (?:consent|accept|agree|allow)${COOKIES}`,
      'continue without (?:accepting|agreeing|consent(?:ing)?|cookies)',
      'no,? thanks?(?: you)?',
      "no,? i (?:do not|don['’]t) (?:agree|accept|consent)",
    ],
    necessary: [
      `(?:accept |allow |use |continue with |keep )?(?:only |just )?(?:the )?(?:strictly )?(?:necessary|essential|required|functional)(?: ones)?(?: only)?${COOKIES}(?: only)?`,
    ],
    save: [
      '(?:save|confirm|submit|apply|allow|accept) (?:my |your |the |current |these )?(?:choices?|selections?|selected(?: cookies)?|preferences|settings)(?: (?:and|&) (?:exit|close|continue))?',
      'save (?:and|&) (?:exit|close|continue)',
    ],
    settings: [
      '(?:manage|change|customi[sz]e|adjust|edit|set|review|view|show|more|see|choose|cookies?|privacy|consent|advanced|my|your|let me) ?(?:my |your |the )?(?:cookies?|privacy|consent|tracking)? ?(?:choices?|options?|settings?|preferences?|purposes?|details|cookies?|choose)',
      '(?:customi[sz]e|preferences|settings|options|purposes|manage|configure|personali[sz]e)(?: cookies)?',
      'let me choose',
    ],
    close: [
      'close(?: (?:this |the )?(?:banner|dialog|notice|window|cookie banner|and continue))?',
      'dismiss(?: (?:this |the )?(?:banner|notice))?',
      '[×✕✖✗xX]',
    ],
    acknowledge: [
      '(?:ok(?:ay)?|got it|i understand|understood|alright|thanks|hide(?: (?:this )?(?:message|banner))?)(?:,? (?:thanks|got it))?',
    ],
    accept: [
      `(?:yes,? )?(?:i )?(?:accept|allow|agree|consent|enable|approve)(?: (?:to |with )?(?:all|everything|them|it))?(?: (?:optional|additional))?${COOKIES}(?: (?:and|&) (?:close|continue|proceed))?`,
      '(?:ok(?:ay)?|yes),? (?:i )?(?:accept|agree|consent)',
      "(?:yes,? )?i['’]m (?:ok|happy|fine)(?: with (?:that|cookies|this))?",
      "that['’]s (?:ok|fine)",
    ],
    pay: [
      'subscri\\p{L}*',
      'pay',
      'purchase',
      'buy',
      'ad-?free',
      'premium',
      'sign ?(?:up|in)',
      'log ?in',
      'register',
    ],
  },
};
