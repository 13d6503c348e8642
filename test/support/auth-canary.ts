import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A marked secret and what it is. */
export interface Canary {
  name: string;
  value: string;
}

/** Where a marked secret was found. */
export interface Finding {
  canary: string;
  form: string;
  where: string;
  /** What stands around it, printable. */
  context: string;
}

/** Searches bytes for marked secrets in every form in which they could have been written. */
export interface CanarySearch {
  bytes(where: string, bytes: Buffer): Finding[];
  text(where: string, text: string): Finding[];
  /** Every file below a folder; unreadable and vanished ones are named by `unread`. */
  folder(folder: string): { findings: Finding[]; files: string[] };
}

/** Prepares a search. Values shorter than eight characters are looked for between non-digits only. */
export function createCanarySearch(canaries: readonly Canary[]): CanarySearch {
  const needles = canaries.flatMap((canary) =>
    formsOf(canary.value).map(([form, bytes]) => ({ canary, form, bytes })),
  );
  const search = (where: string, hay: Buffer): Finding[] =>
    needles.flatMap(({ canary, form, bytes }) => {
      for (let at = hay.indexOf(bytes); at >= 0; at = hay.indexOf(bytes, at + 1)) {
        if (bytes.length >= 8 || standsAlone(hay, at, bytes.length)) {
          return [{ canary: canary.name, form, where, context: around(hay, at, bytes.length) }];
        }
      }
      return [];
    });
  return {
    bytes: search,
    text: (where, text) => search(where, Buffer.from(text, 'utf8')),
    folder: (folder) => {
      const files = filesBelow(folder);
      return { files, findings: files.flatMap((file) => search(file, read(file))) };
    },
  };
}

/** The ways in which a value may be written. Base64 has three, by where in its text the value begins. */
function formsOf(value: string): [form: string, bytes: Buffer][] {
  const raw = Buffer.from(value, 'utf8');
  const forms: [string, string | Buffer][] = [
    ['raw', raw],
    ['UTF-16LE', Buffer.from(value, 'utf16le')],
    ['UTF-16BE', Buffer.from(value, 'utf16le').swap16()],
  ];
  // A short number's hex and Base64 would be found by chance.
  if (value.length >= 8) {
    forms.push(
      ['URL-encoded', encodeURIComponent(value)],
      ['form-encoded', new URLSearchParams({ v: value }).toString().slice('v='.length)],
      ['JSON', JSON.stringify(value).slice(1, -1)],
      ['HTML', value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')],
      ['hex', raw.toString('hex')],
      ['HEX', raw.toString('hex').toUpperCase()],
      ['reversed', [...value].toReversed().join('')],
    );
    for (const shift of [0, 1, 2]) {
      const text = Buffer.concat([Buffer.alloc(shift), raw]).toString('base64');
      // Characters that also depend on what stands before and behind are left out.
      const inner = text.slice(
        shift === 0 ? 0 : shift + 1,
        text.length - 4 + ((raw.length + shift) % 3 === 0 ? 4 : 1),
      );
      forms.push([`base64+${shift}`, inner]);
      forms.push([`base64url+${shift}`, inner.replaceAll('+', '-').replaceAll('/', '_')]);
    }
  }
  const seen = new Set<string>();
  return forms.flatMap(([form, text]) => {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
    const key = bytes.toString('latin1');
    if (seen.has(key)) return [];
    seen.add(key);
    return [[form, bytes]];
  });
}

function standsAlone(hay: Buffer, at: number, length: number): boolean {
  const before = hay[at - 1] ?? 0;
  const after = hay[at + length] ?? 0;
  const isNumberLike = (byte: number) => (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66);
  // A fraction of a second is no code.
  return !isNumberLike(before) && !isNumberLike(after) && before !== 0x2e && before !== 0x3a;
}

function around(hay: Buffer, at: number, length: number): string {
  const from = Math.max(0, at - 60);
  return hay
    .subarray(from, at + length + 30)
    .toString('latin1')
    .replaceAll(/[^\x20-\x7e]/g, '·');
}

function filesBelow(folder: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    // Gone between the listing and now.
    return Buffer.alloc(0);
  }
}
