import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { Writer } from 'protobufjs/minimal.js';
import { neutralProfile, textsOf } from '../../../scripts/supply/neutral-profile.ts';
import { PROFILE_FILE } from '../../../src/engine/pinned-build.ts';

const STRINGS = 50;

/** A profile with fields of each wire type around its texts. */
function profileOf(texts: string[]): Buffer {
  const writer = Writer.create()
    .uint32(10)
    .bytes(Buffer.from([1, 2, 3]))
    .uint32(72)
    .int64(12345)
    .uint32(81);
  writer.fixed64(7);
  for (const text of texts) writer.uint32(STRINGS).string(text);
  return gzipSync(writer.uint32(96).uint32(9).finish());
}

describe('the profile by which the engine is built', () => {
  it('names no folder of the machine that it was taken on', () => {
    expect(textsOf(readFileSync(PROFILE_FILE)).filter((text) => text.startsWith('/'))).toEqual([]);
  });

  it('knows the work of a turn', () => {
    const texts = textsOf(readFileSync(PROFILE_FILE));
    expect(texts.filter((text) => /RespondWorkflowTaskCompleted/.test(text))).not.toEqual([]);
    expect(texts.filter((text) => /RespondActivityTaskCompleted/.test(text))).not.toEqual([]);
  });

  it('is left as it is but for the folders', () => {
    const kept = ['', 'samples', 'go.temporal.io/server@v1.31.2/a.go', '[vdso]', 'a/b'];
    const neutral = neutralProfile(profileOf([...kept, '/tmp/some/where/temporal']));
    expect(gunzipSync(neutral)).toEqual(gunzipSync(profileOf([...kept, 'temporal'])));
  });
});
