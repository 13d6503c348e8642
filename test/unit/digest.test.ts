import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, digestOf, sha256Hex } from '../../src/digest.ts';

describe('canonicalJson', () => {
  it('sorts keys at every depth, leaves arrays in order, and writes no white space', () => {
    expect(canonicalJson({ b: [3, { z: 1, a: 2 }], a: null })).toBe('{"a":null,"b":[3,{"a":2,"z":1}]}');
  });

  it('sorts by UTF-16 code unit, as RFC 8785 says', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(Object.values(JSON.parse(canonicalJson(value)) as object)).toHaveLength(7);
    expect(canonicalJson(value)).toBe(
      '{"1":"One","\\r":"Carriage Return","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis",' +
        '"\u20ac":"Euro Sign","\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    );
  });

  it('writes numbers as RFC 8785 does', () => {
    expect(
      canonicalJson(JSON.parse('[333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001, -0]')),
    ).toBe('[333333333.3333333,1e+30,4.5,0.002,1e-27,0]');
  });

  it('leaves out what JSON leaves out', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  it('keeps a key that JavaScript finds special', () => {
    expect(canonicalJson(JSON.parse('{"__proto__":{"b":1,"a":2},"a":1}'))).toBe(
      '{"__proto__":{"a":2,"b":1},"a":1}',
    );
  });

  it('tells lone surrogates apart', () => {
    expect(canonicalJson('\ud800')).toBe('"\\ud800"');
    expect(digestOf('\ud800')).not.toBe(digestOf('\ud801'));
    expect(digestOf('\ud800')).not.toBe(digestOf('\ufffd'));
  });
});

describe('digestOf', () => {
  it('is the SHA-256 of the canonical JSON', () => {
    const expected = createHash('sha256').update('{"a":"ö"}').digest('hex');
    expect(digestOf({ a: 'ö' })).toBe(`sha256:${expected}`);
    expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('does not know the order of keys, and knows everything else', () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(digestOf(turned)).toBe(digestOf(value));
        expect(digestOf(JSON.parse(JSON.stringify(value)))).toBe(digestOf(value));
      }),
    );
    fc.assert(
      fc.property(json, json, (one, other) => {
        expect(digestOf(one) === digestOf(other)).toBe(canonicalJson(one) === canonicalJson(other));
      }),
    );
  });
});
