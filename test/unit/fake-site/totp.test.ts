import { describe, expect, it } from '@jest/globals';
import { totpCode, totpWindow } from '../../support/fake-site/totp.ts';

describe('the codes of the authenticator app', () => {
  it('are those of RFC 6238, appendix B', () => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    const vectors: [seconds: number, code: string][] = [
      [59, '94287082'],
      [1_111_111_109, '07081804'],
      [1_111_111_111, '14050471'],
      [1_234_567_890, '89005924'],
      [2_000_000_000, '69279037'],
      [20_000_000_000, '65353130'],
    ];
    for (const [seconds, code] of vectors) {
      expect(totpCode(secret, totpWindow(seconds * 1000), 8)).toBe(code);
    }
  });

  it('says what is wrong with a secret that is not Base32', () => {
    expect(() => totpCode('JBSW0', 1)).toThrow('"0", which is not Base32');
  });
});
