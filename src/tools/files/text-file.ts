import { randomBytes } from 'node:crypto';
import { constants, renameSync } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, systemError } from '../system-error.ts';
import { ToolError } from '../tool.ts';
import { type HeldDirectory, NO_FOLLOW } from './held-directory.ts';

/** Largest file that is read or written, in bytes. */
export const MAX_FILE_BYTES = 1_048_576;

/** Names of files that are being written; listing and searching pass them over. */
export const TEMPORARY_PREFIX = '.longturn-writing-';

// NONBLOCK: a named pipe without a writer must not hold us.
const READ = constants.O_RDONLY | NO_FOLLOW | (constants.O_NONBLOCK ?? 0);
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW;

/** Reads a text file of a held folder. Throws {@link ToolError} for what is too large, binary, or no file. */
export async function readText(directory: HeldDirectory, name: string): Promise<string> {
  await using file = await open(join(directory.path, name), READ);
  await directory.verify();
  const stats = await file.stat();
  if (stats.isDirectory()) throw systemError('EISDIR', name);
  if (!stats.isFile()) throw new ToolError('not_a_file', `"${name}" is not a regular file.`);
  if (stats.size > MAX_FILE_BYTES) throw tooLarge(name, `${stats.size} bytes`);
  const bytes = await readAll(file, name);
  if (bytes.includes(0))
    throw new ToolError('binary_file', `"${name}" is a binary file; only text can be read.`);
  return new TextDecoder().decode(bytes);
}

async function readAll(file: FileHandle, name: string): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(MAX_FILE_BYTES + 1);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length);
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
  }
  throw tooLarge(name, 'growing');
}

/**
 * Writes a file whole or not at all: to a temporary file in the same held folder, then by renaming. `assertInForce` is asked
 * last of all; where it throws, nothing is changed.
 */
export async function writeText(
  directory: HeldDirectory,
  name: string,
  content: string,
  assertInForce: () => Promise<void>,
): Promise<void> {
  const target = join(directory.path, name);
  const temporary = join(directory.path, `${TEMPORARY_PREFIX}${randomBytes(8).toString('hex')}`);
  const mode = await modeFor(target);
  try {
    await writeNew(directory, temporary, content, mode);
    await directory.verify();
    await assertInForce();
    // No wait lies between the question and the write: a process stalls before it has asked, or after it has written.
    renameSync(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeNew(
  directory: HeldDirectory,
  path: string,
  content: string,
  mode: number,
): Promise<void> {
  await using file = await open(path, CREATE, 0o600);
  await directory.verify();
  await file.writeFile(content);
  await file.chmod(mode);
  await file.sync();
}

/** The permissions of the file that is replaced, so that a script stays executable. */
async function modeFor(target: string): Promise<number> {
  try {
    const stats = await lstat(target);
    if (stats.isDirectory()) throw systemError('EISDIR', target);
    return stats.isFile() ? stats.mode & 0o777 : 0o644;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0o644;
    throw error;
  }
}

/** Holds a folder below another, making it where it is missing. */
export async function enterOrMake(directory: HeldDirectory, name: string): Promise<HeldDirectory> {
  try {
    await mkdir(join(directory.path, name));
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  return directory.enter(name);
}

function tooLarge(name: string, size: string): ToolError {
  return new ToolError(
    'too_large',
    `"${name}" is too large (${size}); at most ${MAX_FILE_BYTES} bytes are read. Find what you need with search_files or split the file.`,
  );
}
