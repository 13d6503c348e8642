import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { PageReading } from '../../../src/browser/page/page-reading.ts';

type Asked = 'identifier' | 'password' | 'code' | 'text';

/** A page of the corpus, and what a person should be asked on it. */
export interface CorpusPage {
  id: string;
  file: string;
  kind: 'combined' | 'identifier-first' | 'password-only' | 'otp' | 'choice' | 'none';
  expected: Asked[];
  /** Other answers that are as good. */
  acceptable?: Asked[][];
  /** The controls that may be meant. */
  targets?: Record<string, { name?: string; id?: string }[]>;
  /** A page without a login may offer ways to one. */
  choicesOk?: boolean;
}

/** The told pages of a corpus. */
export function loadCorpus(folder: string): CorpusPage[] {
  return JSON.parse(readFileSync(path.join(folder, 'told', 'labels.json'), 'utf8')) as CorpusPage[];
}

/** What is wrong with a reading, by the corpus's own rules; undefined where it is exact. */
export function mistakeIn(page: CorpusPage, reading: PageReading): string | undefined {
  const { choices } = reading;
  const fields = reading.fields.map(({ type, required }) => ({ type: typeOf(type), required }));
  if (page.kind === 'none') {
    if (fields.length > 0) return 'false form';
    return choices.length > 0 && page.choicesOk !== true ? 'false choice' : undefined;
  }
  if (page.kind === 'choice') return fields.length === 0 && choices.length > 0 ? undefined : 'no choice';
  if (fields.length === 0) return 'missed form';
  const sets = [page.expected, ...(page.acceptable ?? [])];
  if (!sets.some((set) => isAsked(set, fields))) return 'other fields';
  return isMeant(page, reading) ? undefined : 'wrong field';
}

/** A text field that may be left out counts where it is expected, and is no mistake where it is not. */
function isAsked(expected: readonly Asked[], fields: readonly { type: Asked; required: boolean }[]): boolean {
  const count = (type: Asked) => fields.filter((field) => field.type === type).length;
  const wanted = (type: Asked) => expected.filter((other) => other === type).length;
  const needed = fields.filter(({ type, required }) => type === 'text' && required).length;
  const exact = (['identifier', 'password', 'code'] as const).every((type) => count(type) === wanted(type));
  return exact && needed <= wanted('text') && wanted('text') <= count('text');
}

/** Whether each secret and user name is one of the controls that the label names. */
function isMeant({ targets = {} }: CorpusPage, reading: PageReading): boolean {
  const meant = Object.values(targets).flat();
  const named = meant.filter(({ name, id }) => name || id);
  if (named.length < meant.length || named.length === 0) return true;
  const asked = reading.fields.filter(({ type }) => type !== 'text');
  const controls = asked.flatMap(({ id }) => reading.targets.fields.get(id)?.slice(0, 1) ?? []);
  return controls.every(({ control }) =>
    named.some(({ name, id }) => (id ? control.id === id : control.name === name)),
  );
}

function typeOf(type: string): Asked {
  if (type === 'totp_code') return 'code';
  return type === 'identifier' || type === 'password' || type === 'code' ? type : 'text';
}
