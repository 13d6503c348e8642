/** A picture that is served with the page. */
export interface Logo {
  content: Buffer;
  /** Of what the content is, whatever its name says. */
  type: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/svg+xml';
}

/** Largest logo, in bytes. */
export const MAX_LOGO_BYTES = 256 * 1_024;

const DATA_URL = /^data:image\/[a-z+.-]+;base64,([A-Za-z0-9+/]+={0,2})$/;
const SVG =
  /^\uFEFF?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--[\s\S]{0,2000}?-->\s*|<!DOCTYPE[^>]{0,300}>\s*){0,5}<svg[\s>]/i;

/** The content of a `data:` URL; undefined where it is none, or is not in base64. */
export function decodeDataUrl(text: string): Buffer | undefined {
  const [, base64] = DATA_URL.exec(text.replaceAll(/\s/g, '')) ?? [];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
}

/** The logo of a content; a text says why it is none. */
export function toLogo(content: Buffer): Logo | string {
  if (content.length > MAX_LOGO_BYTES)
    return `has ${content.length} bytes; make it ${MAX_LOGO_BYTES} at most`;
  const type = typeOf(content);
  return type === undefined ? 'must be a PNG, JPEG, WebP or SVG picture' : { content, type };
}

function typeOf(content: Buffer): Logo['type'] | undefined {
  if (content.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))) return 'image/png';
  if (content.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex'))) return 'image/jpeg';
  if (content.toString('latin1', 0, 4) === 'RIFF' && content.toString('latin1', 8, 12) === 'WEBP')
    return 'image/webp';
  return SVG.test(content.toString('utf8', 0, 8_192)) ? 'image/svg+xml' : undefined;
}
