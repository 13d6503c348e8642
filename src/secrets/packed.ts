import { gunzipSync, gzipSync } from 'node:zlib';
import type { PageReport } from '../contract/index.ts';
import type { Sealed } from '../store/ports/sealed.ts';
import type { SealContext, Vault } from './vault.ts';

/** Largest reading that is unpacked, in bytes. */
const UNPACKED_BYTES = 2_000_000;

/** Seals a page's reading, compressed: its JSON says the same again and again. */
export function sealReading(vault: Pick<Vault, 'seal'>, report: PageReport, context: SealContext): Sealed {
  return vault.seal(gzipSync(JSON.stringify(report)).toString('base64'), context);
}

/** The JSON of a sealed reading. Throws `VaultError`. */
export function unsealReading(vault: Pick<Vault, 'open'>, sealed: Sealed, context: SealContext): string {
  const packed = Buffer.from(vault.open(sealed, context), 'base64');
  return gunzipSync(packed, { maxOutputLength: UNPACKED_BYTES }).toString();
}
