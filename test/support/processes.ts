import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { poll } from './poll.ts';

/** A process that a test started, with what it wrote. */
export interface Child {
  readonly pid: number;
  /** Everything written so far to stdout and stderr, in order of arrival. */
  output(): string;
  stdout(): string;
  /** Settles when the process has ended and its output is read. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  isRunning(): boolean;
  signal(name: NodeJS.Signals): void;
}

/** Starts a process in a group of its own. Its whole tree is killed when the test process ends. */
export function startProcess(
  command: string,
  args: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Child {
  const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${command} could not be started`);
  const chunks: { from: 'out' | 'err'; text: string }[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => chunks.push({ from: 'out', text }));
  child.stderr.setEncoding('utf8').on('data', (text: string) => chunks.push({ from: 'err', text }));
  let running = true;
  const onTestExit = () => killTree(pid);
  process.once('exit', onTestExit);
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => {
      running = false;
      process.off('exit', onTestExit);
      // A killed parent's children may hold the pipes open: the end of the process is what counts.
      setTimeout(() => resolve({ code, signal }), 20);
    });
  });
  const join = (only?: 'out') => chunks.flatMap((c) => (only && c.from !== only ? [] : [c.text])).join('');
  return {
    pid,
    output: () => join(),
    stdout: () => join('out'),
    exited,
    isRunning: () => running,
    signal: (name) => {
      sendSignal(pid, name);
    },
  };
}

/** Whether a process of that id lives; a zombie does not. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return sendSignal(pid, 0) && process.platform !== 'linux';
  }
}

/** Sends a signal; false where there is no such process any more. */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Every process below the given one, nearest first. */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const [child, parent] of parentTable()) {
    parents.set(parent, [...(parents.get(parent) ?? []), child]);
  }
  const found: number[] = [];
  const visit = (of: number): void => {
    for (const child of parents.get(of) ?? []) {
      found.push(child);
      visit(child);
    }
  };
  visit(pid);
  return found;
}

/** `kill -9` of a process and everything below it, at once. */
export function killTree(pid: number): void {
  for (const each of [pid, ...descendants(pid)]) sendSignal(each, 'SIGKILL');
}

/** Processes whose command line names the text; used with a temporary folder that no one else can name. */
export function processesNaming(text: string): number[] {
  return parentTable()
    .map(([pid]) => pid)
    .filter((pid) => pid !== process.pid && commandLine(pid).includes(text));
}

/** The command line of a process, its words divided by spaces; empty where it is gone. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** Waits until a process is gone. */
export async function gone(pid: number, timeoutMs = 10_000): Promise<void> {
  await poll(() => !isAlive(pid), { what: `process ${pid} is gone`, timeoutMs });
}

/** A port that is free now, below the range from which the system gives ports to outgoing connections. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await canListen(port)) return port;
  }
  throw new Error('No free port between 20000 and 32000.');
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function parentTable(): [pid: number, parent: number][] {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
    return lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): [number, number][] => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
        return [[Number(name), Number(parent)]];
      } catch {
        return [];
      }
    });
}
