import { constants, existsSync } from 'node:fs';
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { errorCode, systemError } from '../system-error.ts';
import { ToolError } from '../tool.ts';

/** Open flag: a symbolic link at the end of the path is an error (0 where the system has no such flag). */
export const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

/** A folder in a workspace that is held open, so that what is reached through it cannot be swapped away. */
export interface HeldDirectory extends AsyncDisposable {
  /** A path that leads to this very folder as long as it is held. */
  readonly path: string;
  /** Opens a folder in it; a symbolic link is refused with `ELOOP`. */
  enter(name: string): Promise<HeldDirectory>;
  /** Throws when what was opened by {@link HeldDirectory.path} may lie elsewhere. */
  verify(): Promise<void>;
}

/** How folders are held: by handles through `/proc` (no race is possible), else by comparing real paths. */
export type Holding = 'handles' | 'real-paths';

/** The safest way that this system has. */
export function bestHolding(): Holding {
  return process.platform === 'linux' && existsSync('/proc/self/fd') ? 'handles' : 'real-paths';
}

/** Holds a workspace's folder, reached by `segments` from its root. */
export async function holdDirectory(
  workspace: string,
  segments: string[],
  holding: Holding = bestHolding(),
): Promise<HeldDirectory> {
  let held = holding === 'handles' ? await holdByHandle(workspace) : await holdByRealPath(workspace);
  for (const segment of segments) {
    await using parent = held;
    held = await parent.enter(segment);
  }
  return held;
}

async function holdByHandle(path: string, flags = 0): Promise<HeldDirectory> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | flags);
  return heldHandle(handle);
}

function heldHandle(handle: FileHandle): HeldDirectory {
  const path = `/proc/self/fd/${handle.fd}`;
  return {
    path,
    async enter(name) {
      const child = `${path}/${name}`;
      try {
        return await holdByHandle(child, NO_FOLLOW);
      } catch (error) {
        throw await plainly(error, child);
      }
    },
    async verify() {},
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

async function holdByRealPath(workspace: string): Promise<HeldDirectory> {
  const root = await realpath(workspace);
  return heldRealPath(root, root);
}

function heldRealPath(root: string, path: string): HeldDirectory {
  const verify = async (): Promise<void> => {
    const real = await realpath(path);
    if (real !== root && !real.startsWith(root + sep)) {
      throw new ToolError(
        'path_outside_workspace',
        'The path leads out of the workspace; name a file inside it.',
      );
    }
  };
  return {
    path,
    async enter(name) {
      const child = join(path, name);
      const stats = await lstat(child);
      if (!stats.isDirectory()) throw systemError(stats.isSymbolicLink() ? 'ELOOP' : 'ENOTDIR', child);
      const held = heldRealPath(root, child);
      await held.verify();
      return held;
    },
    verify,
    async [Symbol.asyncDispose]() {},
  };
}

/** Linux answers `ENOTDIR` for a symbolic link too, when a folder was asked for. */
async function plainly(error: unknown, child: string): Promise<unknown> {
  if (errorCode(error) !== 'ENOTDIR') return error;
  const link = await lstat(child).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
  return link ? systemError('ELOOP', child) : error;
}
