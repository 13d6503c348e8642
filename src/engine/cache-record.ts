import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { sha256OfFile } from './file-digest.ts';

// What tells that a file was not touched since its bytes were digested: a change of them, or of the name, changes `ctime`,
// which no program can set.
const Seen = z.strictObject({ size: z.string(), mtime: z.string(), ctime: z.string(), inode: z.string() });
const CacheRecord = z.strictObject({ sha256: z.string(), seen: Seen });

const recordFile = (file: string) => `${file}.record.json`;

/** Keeps the digest of a file that was just put into the cache, beside it. */
export async function recordFileDigest(file: string): Promise<void> {
  writeRecord(file, await sha256OfFile(file));
}

/**
 * True where a file of the cache is the one that was put there. Its bytes are digested again only where it looks
 * touched, so that a start costs nothing.
 */
export async function isAsRecorded(file: string): Promise<boolean> {
  const record = readRecord(file);
  if (!record) return false;
  const now = seen(file);
  if (Object.entries(now).every(([key, value]) => record.seen[key as keyof typeof now] === value))
    return true;
  if ((await sha256OfFile(file)) !== record.sha256) return false;
  // Moved or copied; what was digested is what was seen before it, should somebody write meanwhile.
  writeRecord(file, record.sha256, now);
  return true;
}

function readRecord(file: string): z.output<typeof CacheRecord> | undefined {
  try {
    return CacheRecord.safeParse(JSON.parse(readFileSync(recordFile(file), 'utf8'))).data;
  } catch {
    // None, or not to be read: the file counts as unknown.
    return undefined;
  }
}

function writeRecord(file: string, sha256: string, at = seen(file)): void {
  const draft = `${recordFile(file)}.${process.pid}.part`;
  writeFileSync(draft, `${JSON.stringify({ sha256, seen: at })}\n`);
  renameSync(draft, recordFile(file));
}

function seen(file: string): z.output<typeof Seen> {
  const { size, mtimeNs, ctimeNs, ino } = statSync(file, { bigint: true });
  return { size: `${size}`, mtime: `${mtimeNs}`, ctime: `${ctimeNs}`, inode: `${ino}` };
}
