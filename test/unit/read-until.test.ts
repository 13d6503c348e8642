import { describe, expect, it } from '@jest/globals';
import { readUntil } from '../../src/api/read-until.ts';

/** Reads 1, 2, 3, … */
function counter() {
  let reads = 0;
  return async () => {
    reads += 1;
    return reads;
  };
}

describe('reading until something fits', () => {
  it('answers the first value that fits, and reads no further', async () => {
    const read = counter();
    expect(await readUntil(read, (value) => value >= 3, 60_000)).toBe(3);
    expect(await read()).toBe(4);
  });

  it('answers what was read last where nothing fits in time', async () => {
    const read = counter();
    const last = await readUntil(read, () => false, 30);
    expect(last).toBeGreaterThan(1);
    expect(await read()).toBe(last + 1);
  });

  it('reads once, however short the time', async () => {
    expect(await readUntil(counter(), () => false, 0)).toBe(1);
  });

  it('fails as the read does', async () => {
    const failing = async () => {
      throw new Error('no store');
    };
    await expect(readUntil(failing, () => true, 60_000)).rejects.toThrow('no store');
  });
});
