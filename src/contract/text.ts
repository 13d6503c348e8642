import { z } from 'zod';

/** Neither white space nor a control character; providers do not agree on which of those are blank. */
const VISIBLE = /[^\s\p{Cc}]/u;

/** Whether a text says nothing. Providers refuse a conversation in which such a text stands, and every later one. */
export function isBlank(text: string): boolean {
  return !VISIBLE.test(text);
}

/** What a person or a program writes to a model; white space alone is refused. */
export function saidText(maxLength: number) {
  return z
    .string()
    .min(1)
    .max(maxLength)
    .refine((text) => !isBlank(text), 'must not be blank: write something other than white space')
    .meta({
      pattern: '[^\\s\\u0000-\\u001f\\u007f-\\u009f\\ufeff]',
      description: 'Not blank: white space alone is refused.',
    });
}
