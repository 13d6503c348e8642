import { existsSync } from 'node:fs';
import { type Bounds, MIB } from '../bounds.ts';
import { errorCode } from '../system-error.ts';
import { ToolError } from '../tool.ts';
import { lookUpRoom } from './command-room.ts';
import { launchScript } from './launch-script.ts';
import { type Finished, READS, type RunOptions, runToEnd, TELLS } from './run-to-end.ts';
import { seccompFilter, thisMachine } from './seccomp/filter.ts';
import { type Neighbours, watchCommand } from './watch.ts';

/** Where the workspace is seen inside the sandbox. */
export const INSIDE = '/workspace';

const NOBODY = '65534';

/** What of `/etc` programs need to start, find libraries and verify certificates; nothing that is secret. */
const ETC = [
  'alternatives',
  'ca-certificates',
  'group',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'mime.types',
  'nsswitch.conf',
  'passwd',
  'pki',
  'ssl/certs',
  'ssl/openssl.cnf',
];

const ROOT = ['/usr', '/bin', '/sbin', '/lib', '/lib64', ...ETC.map((name) => `/etc/${name}`)];

/** Newer bubblewraps can also forbid new user namespaces inside and bound the size of a tmpfs. */
const NEWER = { noUserNamespaces: ['--disable-userns'], size: (bytes: number) => ['--size', String(bytes)] };
/** With older ones the filter of system calls forbids the former, and what is in a tmpfs is watched as memory is. */
const OLDER = { noUserNamespaces: [], size: (): string[] => [] };
type Abilities = typeof NEWER | typeof OLDER;

export interface Command {
  command: string;
  workspace: string;
  /** Folder to run in, relative to the workspace. */
  folder: string;
  bounds: Bounds;
  timeoutMs: number;
  outputBytes: number;
  signal: AbortSignal;
}

/** `wasFull`: so that the command could delete what is in the workspace, and not write. */
export type Ran = Finished & { wasFull: boolean };

/** A sandbox for commands: no network, nothing of the host but its programs (read-only) and the workspace. */
export interface Sandbox {
  /** Runs a shell command. Throws {@link ToolError}. */
  run(command: Command): Promise<Ran>;
}

/**
 * Makes a sandbox by bubblewrap, looked for on `searchPath` (default: the usual system folders). It is tried out at
 * first use; where it is missing or does not work, every run throws `sandbox_missing`, and nothing is run without it.
 */
export function createBubblewrap({ searchPath }: { searchPath: string }): Sandbox {
  const running = new Map<string, Neighbours>();
  const room = lookUpRoom();
  let known: Abilities | undefined;

  async function launch(
    args: string[],
    options: Pick<RunOptions, 'timeoutMs' | 'outputBytes' | 'signal' | 'watch'>,
  ) {
    const machine = thisMachine();
    if (machine === undefined) throw otherMachine();
    const own = ['--seccomp', String(READS), '--info-fd', String(TELLS)];
    return runToEnd('bwrap', [...own, ...args], {
      ...options,
      // bwrap's own environment can be read inside, from /proc/1/environ: it must not be ours.
      env: { PATH: searchPath },
      reads: seccompFilter(machine),
      // It reads arguments from each of them, finds none, and closes it.
      closing: (descriptor) => ['--args', String(descriptor)],
    });
  }

  async function abilities(signal: AbortSignal): Promise<Abilities> {
    let problem = '';
    for (const candidate of known ? [known] : [NEWER, OLDER]) {
      if (candidate === known) return known;
      const trial = await launch([...base(candidate), '--', '/bin/sh', '-c', 'exit 0'], {
        timeoutMs: 10_000,
        outputBytes: 0,
        signal,
      }).catch((error: unknown) => {
        throw missing(error);
      });
      if (trial.exitCode === 0) {
        known = candidate;
        return candidate;
      }
      problem = trial.complaint.trim();
    }
    throw broken(problem);
  }

  return {
    async run({ command, workspace, folder, bounds, timeoutMs, outputBytes, signal }) {
      const able = await abilities(signal);
      const before = await room.before(workspace, bounds, signal);
      const inner = folder === '' ? INSIDE : `${INSIDE}/${folder}`;
      const place = ['--bind', workspace, INSIDE, '--remount-ro', '/', '--chdir', inner];
      const script = launchScript(command, bounds, !before.isFull);
      const neighbours = running.get(workspace) ?? new Set();
      running.set(workspace, neighbours);
      const finished = await launch([...base(able), ...place, ...script], {
        timeoutMs,
        outputBytes,
        signal,
        watch: (child) => watchCommand({ running: child, bounds, neighbours, lookAtDisk: before.look }),
      });
      if (neighbours.size === 0) running.delete(workspace);
      if (finished.complaint.startsWith('bwrap:')) {
        throw new ToolError('sandbox_failed', `The command was not run: ${finished.complaint.trim()}`);
      }
      const reached = finished.reached ?? (await room.after(workspace, bounds, before, signal));
      return { ...finished, ...(reached && { reached }), wasFull: before.isFull };
    },
  };
}

function base({ noUserNamespaces, size }: Abilities): string[] {
  return [
    ...['--unshare-all', '--unshare-user', ...noUserNamespaces, '--uid', NOBODY, '--gid', NOBODY],
    ...['--hostname', 'sandbox', '--new-session', '--die-with-parent', '--clearenv'],
    ...['--setenv', 'PATH', '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin'],
    ...['--setenv', 'HOME', INSIDE, '--setenv', 'LANG', 'C.UTF-8'],
    ...ROOT.flatMap((path) => ['--ro-bind-try', path, path]),
    // Container images often keep applications, with their settings, there.
    ...(existsSync('/usr/src') ? ['--tmpfs', '/usr/src', '--remount-ro', '/usr/src'] : []),
    // Root on the host may write kernel settings by being root, without any capability: some are for the whole machine.
    ...['--proc', '/proc', '--remount-ro', '/proc'],
    ...['--dev', '/dev', ...size(64 * MIB), '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ...[...size(256 * MIB), '--tmpfs', '/tmp'],
  ];
}

const INSTALL =
  'Install it (Debian, Ubuntu: apt install bubblewrap; Fedora: dnf install bubblewrap; Arch: pacman -S bubblewrap); it exists for Linux only.';

function otherMachine(): ToolError {
  return new ToolError(
    'sandbox_missing',
    `Commands run only behind a filter of system calls, which is made for x86_64 and aarch64; this worker runs on ${process.arch}.`,
  );
}

function missing(error: unknown): unknown {
  if (errorCode(error) !== 'ENOENT') return error;
  return new ToolError(
    'sandbox_missing',
    `Commands run only inside bubblewrap (bwrap), which was not found on this worker. ${INSTALL}`,
    { cause: error },
  );
}

function broken(problem: string): ToolError {
  return new ToolError(
    'sandbox_missing',
    `Commands run only inside bubblewrap (bwrap), which does not work on this worker: ${problem || 'it said nothing'}. It needs unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1, or an AppArmor profile for bwrap) and a kernel with CONFIG_SECCOMP_FILTER; or run the worker outside a container that forbids them.`,
  );
}
