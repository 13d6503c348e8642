import { constants, type Stats } from 'node:fs';
import { chmod, lstat, open, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../system-error.ts';
import { type HeldDirectory, NO_FOLLOW } from './held-directory.ts';

/** Entries of one folder that are looked at together. */
const TOGETHER = 32;
/** `O_PATH` of Linux: a handle that names a file without opening it for reading. */
const O_PATH = 0o10000000;

export interface Visitor {
  /** Takes an entry; whether it goes on into it, where it is a folder. */
  take(stats: Stats, path: string): boolean | Promise<boolean>;
  /** Whether folders of this depth are entered; those of the workspace itself have depth 1. */
  mayEnter(depth: number): boolean;
  /** Whether it has seen enough. */
  isDone(): boolean;
}

/**
 * Visits what is below a held folder, every folder held while it is read: nothing outside is reached. A folder of ours that its
 * owner may not read is made readable: nothing is hidden. What vanishes meanwhile, or belongs to somebody else, is passed over.
 */
export async function walkHeld(directory: HeldDirectory, visitor: Visitor, depth = 0): Promise<void> {
  if (!visitor.mayEnter(depth) || visitor.isDone()) return;
  const folders: string[] = [];
  let names: string[] = [];
  for await (const { name } of await opendir(directory.path)) {
    names.push(name);
    if (names.length < TOGETHER) continue;
    folders.push(...(await takeAll(directory, names, visitor)));
    names = [];
    if (visitor.isDone()) return;
  }
  folders.push(...(await takeAll(directory, names, visitor)));
  for (const name of folders) {
    if (visitor.isDone()) return;
    await using folder = await enterReadable(directory, name);
    if (folder) await walkHeld(folder, visitor, depth + 1);
  }
}

/** Changes the permissions of a file of ours, never of what a link leads to. */
export async function changeOwnMode(path: string, changed: (stats: Stats) => number): Promise<boolean> {
  await using handle = await open(path, O_PATH | NO_FOLLOW);
  const stats = await handle.stat();
  if (stats.isSymbolicLink() || stats.uid !== process.getuid?.()) return false;
  await chmod(`/proc/self/fd/${handle.fd}`, changed(stats));
  return true;
}

async function takeAll(directory: HeldDirectory, names: string[], visitor: Visitor): Promise<string[]> {
  const paths = names.map((name) => join(directory.path, name));
  const found = await Promise.all(paths.map((path) => lstat(path).catch(unlessGone)));
  const folders: string[] = [];
  for (const [index, stats] of found.entries()) {
    const [path, name] = [paths[index], names[index]];
    if (!stats || path === undefined || name === undefined) continue;
    if ((await visitor.take(stats, path)) && stats.isDirectory()) folders.push(name);
  }
  return folders;
}

async function enterReadable(directory: HeldDirectory, name: string): Promise<HeldDirectory | undefined> {
  try {
    return await directory.enter(name);
  } catch (error) {
    if (errorCode(error) !== 'EACCES' || constants.O_NOFOLLOW === undefined) return unlessGone(error);
  }
  const path = join(directory.path, name);
  await changeOwnMode(path, ({ mode }) => (mode & 0o777) | 0o700).catch(unlessGone);
  return await directory.enter(name).catch(unlessGone);
}

const PASSED_OVER = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'EPERM']);

function unlessGone(error: unknown): undefined {
  if (PASSED_OVER.has(errorCode(error))) return undefined;
  throw error;
}
