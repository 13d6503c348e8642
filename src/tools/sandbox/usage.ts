import { readdir, readFile, stat, statfs } from 'node:fs/promises';
import { errorCode } from '../system-error.ts';

/** What the processes of a sandbox take up. */
export interface Usage {
  /** Processes and threads. */
  processes: number;
  memoryBytes: number;
}

const KIB = 1_024;
/** File systems in memory that a command may write to. */
const IN_MEMORY = ['tmp', 'dev/shm'];

/**
 * Reads what runs in the sandbox whose first process is `pid`, through its own `/proc`; undefined where it is not set up yet, or
 * gone. Memory is counted exactly only where it would be more than `memoryBytes` with what processes share counted for
 * each of them; with more than `processes` processes it is not counted at all.
 */
export async function readUsage(pid: number, bounds: Usage): Promise<Usage | undefined> {
  const root = `/proc/${pid}/root`;
  try {
    // Until bubblewrap has changed its root, this would be the host's.
    const [inside, outside] = await Promise.all([stat(root), stat('/')]);
    if (inside.dev === outside.dev && inside.ino === outside.ino) return undefined;
    const processes = (await readdir(`${root}/proc`)).filter((name) => /^\d+$/.test(name));
    if (processes.length > bounds.processes) return { processes: processes.length, memoryBytes: 0 };
    const [files, ...rough] = await Promise.all([
      bytesInMemory(root),
      ...processes.map((name) => readStatus(`${root}/proc/${name}/status`)),
    ]);
    const total = { processes: sum(rough.map(({ threads }) => threads)) };
    const roughly = files + sum(rough.map(({ bytes }) => bytes));
    if (roughly <= bounds.memoryBytes) return { ...total, memoryBytes: roughly };
    const exact = await Promise.all(
      processes.map((name, index) => readShare(`${root}/proc/${name}/smaps_rollup`, rough[index]?.bytes)),
    );
    return { ...total, memoryBytes: files + sum(exact) };
  } catch (error) {
    if (GONE.has(errorCode(error))) return undefined;
    throw error;
  }
}

const GONE = new Set(['ENOENT', 'ESRCH']);
const sum = (numbers: number[]): number => numbers.reduce((total, each) => total + each, 0);

async function bytesInMemory(root: string): Promise<number> {
  const each = await Promise.all(
    IN_MEMORY.map(async (path) => {
      const { bsize, blocks, bfree } = await statfs(`${root}/${path}`);
      return (blocks - bfree) * bsize;
    }),
  );
  return sum(each);
}

async function readStatus(path: string): Promise<{ threads: number; bytes: number }> {
  const text = await readFile(path, 'utf8').catch(unlessGone);
  return {
    threads: Number(/^Threads:\s+(\d+)/m.exec(text)?.[1] ?? 0),
    bytes: Number(/^VmRSS:\s+(\d+)/m.exec(text)?.[1] ?? 0) * KIB,
  };
}

/** Memory that a process has for itself, with its share of what it has with others; `otherwise` where the kernel does not tell. */
async function readShare(path: string, otherwise = 0): Promise<number> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (GONE.has(errorCode(error))) return 'Pss: 0';
    return '';
  });
  const share = /^Pss:\s+(\d+)/m.exec(text)?.[1];
  return share === undefined ? otherwise : Number(share) * KIB;
}

function unlessGone(error: unknown): string {
  if (GONE.has(errorCode(error))) return '';
  throw error;
}
