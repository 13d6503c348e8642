import { anyWord } from './pattern.ts';

/** Words of a box by which a person takes a site's terms. */
export const TERMS = anyWord(`
  agree, accept, consent, terms, conditions, privacy ?policy, acceptable use, akzeptier*, zustimm*, einverstanden, agb,
  nutzungsbedingungen, datenschutz*, accepte*, conditions, acepto, aceptar, t[ée]rminos, condiciones, accetto, termini,
  concordo, aceito, akkoord, voorwaarden, zgadzam, akceptuj[ęe], regulamin*, согласен, согласна, принимаю, 同意, 同意する
`);

/** Words of a list by which a person chooses the language of the page: it is no part of a login. */
export const LANGUAGE = anyWord(`
  lang, language*, locale, sprache*, langue*, idioma*, lingua, taal, spr[åa]k, j[ęe]zyk*, jazyk*, язык*, 语言, 言語, 언어
`);
