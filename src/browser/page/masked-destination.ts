const MASKED_EMAIL = /[^\s@<>(),:"]*[•*·…xX.]{1,}[^\s@<>(),:"]*@[^\s@<>(),:"]+[^\s@<>(),:".!?]/u;
const MASKED_PHONE = /\+?[\d(]{0,5}[\d() -]*[•*·xX]{2,}[•*·xX\d() -]*\d{2,4}(?!\d)/u;
const ENDING =
  /(?:ending (?:in|with)|ends (?:in|with)|endet auf|endend auf|terminant par|se terminant par|terminad[oa] en|que termina en|that ends in)\s*:?\s*(\d{2,4})/iu;
const FULL_EMAIL = /[^\s@<>(),:"]+@[^\s@<>(),:"]+\.\p{L}{2,}/u;

/** The phone number or address in a text, as the site masks it. */
export function maskedDestinationIn(text: string): string | undefined {
  const shown = MASKED_EMAIL.exec(text) ?? FULL_EMAIL.exec(text) ?? MASKED_PHONE.exec(text);
  if (shown !== null) return shown[0].trim();
  const ending = ENDING.exec(text)?.[1];
  return ending === undefined ? undefined : `••${ending}`;
}

/** Whether the text shows a phone number, masked. */
export function hasMaskedPhone(text: string): boolean {
  return (MASKED_PHONE.test(text) || ENDING.test(text)) && !hasEmail(text);
}

/** Whether the text shows an e-mail address, masked or not. */
export function hasEmail(text: string): boolean {
  return MASKED_EMAIL.test(text) || FULL_EMAIL.test(text);
}
