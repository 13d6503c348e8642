import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Keyring } from '../secrets/keyring.ts';

const USE = 'hash:vouching';

/**
 * While keys are rotated, a process may get what was encrypted with a key that it does not have yet. Whoever encrypts says with
 * each other key of its own that it is ours: without that, such a payload would look like one that a stranger made up.
 * Undefined where there is one key only, as there mostly is.
 */
export function vouchFor(keyring: Keyring, keyId: string, data: Uint8Array): string | undefined {
  const others = keyring.others(USE);
  if (others.length === 0) return undefined;
  return others.map(({ id, key }) => `${id}:${macOf(key, keyId, data).toString('base64')}`).join(',');
}

/** Whether a key that we have says that the payload is ours. */
export function isVouched(
  keyring: Keyring,
  keyId: string,
  data: Uint8Array | null | undefined,
  vouched: Uint8Array | undefined,
): boolean {
  const given = new Map(
    (vouched ? Buffer.from(vouched).toString() : '').split(',').map((each) => {
      const [id = '', mac = ''] = each.split(':');
      return [id, Buffer.from(mac, 'base64')];
    }),
  );
  return [keyring.current(USE), ...keyring.others(USE)].some(({ id, key }) => {
    const mac = given.get(id);
    const expected = mac && macOf(key, keyId, data ?? new Uint8Array());
    return mac !== undefined && mac.length === expected?.length && timingSafeEqual(mac, expected);
  });
}

function macOf(key: KeyObject, keyId: string, data: Uint8Array): Buffer {
  return createHmac('sha256', key).update(`${keyId}\n`).update(data).digest();
}
