import { basename } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Reader, Writer } from 'protobufjs/minimal.js';

// `repeated string string_table = 6` of pprof's profile.proto: field number and wire type.
const STRING_TABLE = (6 << 3) | 2;

/** A pprof profile whose texts name no folder of the machine that it was taken on. */
export function neutralProfile(profile: Buffer): Buffer {
  const bytes = gunzipSync(profile);
  const reader = Reader.create(bytes);
  const parts: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    if (tag === STRING_TABLE) {
      parts.push(Writer.create().uint32(tag).string(withoutFolder(reader.string())).finish());
    } else {
      reader.skipType(tag & 7);
      parts.push(bytes.subarray(start, reader.pos));
    }
  }
  return gzipSync(Buffer.concat(parts), { level: 9 });
}

/** Texts of a profile, such as names of functions and files. */
export function textsOf(profile: Buffer): string[] {
  const reader = Reader.create(gunzipSync(profile));
  const texts: string[] = [];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === STRING_TABLE) texts.push(reader.string());
    else reader.skipType(tag & 7);
  }
  return texts;
}

// Built with -trimpath, sources are named by module; only the program itself has a path.
const withoutFolder = (text: string) => (text.startsWith('/') ? basename(text) : text);
