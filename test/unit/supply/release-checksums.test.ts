import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CHECKSUMS_URL, digestsOf } from '../../../scripts/supply/release-checksums.ts';
import { DOWNLOADS_FILE } from '../../../src/engine/pinned-build.ts';

const digest = (letter: string) => letter.repeat(64);
const line = (letter: string, machine: string, kind = 'tar.gz') =>
  `${digest(letter)}  temporal_cli_1.8.2_${machine}.${kind}`;
const FILE = [
  line('a', 'darwin_amd64'),
  line('b', 'darwin_arm64'),
  line('c', 'linux_amd64'),
  line('d', 'linux_arm64'),
  line('e', 'windows_amd64', 'zip'),
].join('\n');

describe('npm run engine:pin', () => {
  it('reads the digests of a release by machine', () => {
    expect(digestsOf(FILE)).toEqual({
      'darwin-arm64': digest('b'),
      'darwin-x64': digest('a'),
      'linux-arm64': digest('d'),
      'linux-x64': digest('c'),
    });
    expect(CHECKSUMS_URL).toMatch(/^https:\/\/.*\/v1\.8\.2\/checksums\.txt$/);
  });

  it('takes no file that lacks an archive, or is of another version', () => {
    expect(() => digestsOf(FILE.replace('linux_arm64', 'linux_riscv'))).toThrow(
      'do not have temporal_cli_1.8.2_linux_arm64.tar.gz',
    );
    expect(() => digestsOf(FILE, '1.9.1')).toThrow('temporal_cli_1.9.1_linux_amd64.tar.gz');
  });

  it('writes what is pinned: the file has its form', () => {
    const text = readFileSync(DOWNLOADS_FILE, 'utf8');
    expect(text).toBe(`${JSON.stringify(JSON.parse(text), undefined, 2)}\n`);
  });
});
