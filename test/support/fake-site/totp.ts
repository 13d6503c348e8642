import { createHmac } from 'node:crypto';

const periodMs = 30_000;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The number of the 30-second window (RFC 6238 `T`) that a time lies in. */
export function totpWindow(timeMs: number): number {
  return Math.floor(timeMs / periodMs);
}

/** The code of a window: RFC 6238 with SHA-1. `digits` is 6 unless said otherwise. */
export function totpCode(secretBase32: string, window: number, digits = 6): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(window));
  const mac = createHmac('sha1', fromBase32(secretBase32)).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0x0f;
  const number = (mac.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** digits;
  return String(number).padStart(digits, '0');
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of text.toUpperCase().replaceAll(/[\s=-]/g, '')) {
    const value = alphabet.indexOf(letter);
    if (value < 0) throw new Error(`The TOTP secret has "${letter}", which is not Base32 (A-Z and 2-7).`);
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
      held &= (1 << bits) - 1;
    }
  }
  return Buffer.from(bytes);
}
