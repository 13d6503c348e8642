/** A file's text, or why it is none. */
export type Decoded = { text: string } | { problem: string };

const REMEDY = 'save it as UTF-8';

/**
 * Reads a definition file's bytes. Only UTF-8 is taken, with or without a byte order mark: what cannot be told apart for certain
 * is not guessed, and not taken over with characters that are lost. The encoding is named where it is known.
 */
export function decodeDefinition(bytes: Uint8Array): Decoded {
  const wide = wideEncoding(bytes);
  if (wide !== undefined) return { problem: `is in ${wide}, not in UTF-8: ${REMEDY}` };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { problem: narrowProblem(bytes) };
  }
}

function wideEncoding(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'UTF-32' : 'UTF-16 (little endian)';
  if (a === 0xfe && b === 0xff) return 'UTF-16 (big endian)';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'UTF-32';
  // Without a mark: every second byte of plain letters is zero.
  if (a === 0 && b !== 0 && c === 0) return 'UTF-16 (big endian)';
  if (a !== 0 && b === 0 && d === 0) return 'UTF-16 (little endian)';
  return undefined;
}

/** One byte for a character: Windows-1252, unless it has bytes that this leaves open. */
function narrowProblem(bytes: Uint8Array): string {
  const at = firstFault(bytes);
  const line = 1 + bytes.subarray(0, at).filter((byte) => byte === 0x0a).length;
  const isOther = [0x81, 0x8d, 0x8f, 0x90, 0x9d].some((open) => bytes.includes(open));
  const encoding = isOther ? 'another encoding' : 'Windows-1252 (or Latin-1), as it seems';
  const byte = bytes[at]?.toString(16).padStart(2, '0');
  return `is not in UTF-8 but in ${encoding}: ${REMEDY} (line ${line}, byte 0x${byte})`;
}

/** Where the first byte stands that is not UTF-8. */
function firstFault(bytes: Uint8Array): number {
  const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  // U+FFFD may be written in the file as well: only what decodes to more or fewer bytes is lost.
  let at = 0;
  for (const character of decoded) {
    const size = Buffer.byteLength(character);
    if (character === '\ufffd' && !isReplacement(bytes, at)) return at;
    at += size;
  }
  return 0;
}

function isReplacement(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd;
}
