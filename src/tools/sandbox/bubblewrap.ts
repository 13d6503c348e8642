import { existsSync } from 'node:fs';
import { errorCode } from '../system-error.ts';
import { ToolError } from '../tool.ts';
import { type Finished, runToEnd } from './run-to-end.ts';

/** Where the workspace is seen inside the sandbox. */
export const INSIDE = '/workspace';

const MIB = 1_048_576;
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

const ROOT = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  ...ETC.map((name) => `/etc/${name}`),
];

/** Newer bubblewraps can also forbid new user namespaces inside and bound the size of a tmpfs. */
const NEWER = { noUserNamespaces: ['--disable-userns'], size: (bytes: number) => ['--size', String(bytes)] };
const OLDER = { noUserNamespaces: [], size: (): string[] => [] };
type Abilities = typeof NEWER | typeof OLDER;

/** A sandbox for commands: no network, nothing of the host but its programs (read-only) and the workspace. */
export interface Sandbox {
  /** Runs a shell command in a folder of the workspace, given relative to it. Throws {@link ToolError}. */
  run(command: {
    command: string;
    workspace: string;
    folder: string;
    timeoutMs: number;
    outputBytes: number;
    signal: AbortSignal;
  }): Promise<Finished>;
}

/**
 * Makes a sandbox by bubblewrap, looked for on `searchPath` (default: the usual system folders). It is tried out at
 * first use; where it is missing or does not work, every run throws `sandbox_missing`, and nothing is run without it.
 */
export function createBubblewrap({ searchPath }: { searchPath: string }): Sandbox {
  let known: Abilities | undefined;

  async function launch(
    args: string[],
    options: { timeoutMs: number; outputBytes: number; signal: AbortSignal },
  ) {
    // bwrap's own environment can be read inside, from /proc/1/environ: it must not be ours.
    return runToEnd('bwrap', args, { ...options, env: { PATH: searchPath } });
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
    async run({ command, workspace, folder, timeoutMs, outputBytes, signal }) {
      const able = await abilities(signal);
      const inner = folder === '' ? INSIDE : `${INSIDE}/${folder}`;
      const place = ['--bind', workspace, INSIDE, '--remount-ro', '/', '--chdir', inner];
      // One stream for both outputs, so that they keep their order; what bwrap itself says stays apart.
      const shell = ['--', '/bin/sh', '-c', 'exec /bin/sh -c "$1" 2>&1', 'sh', command];
      const finished = await launch([...base(able), ...place, ...shell], { timeoutMs, outputBytes, signal });
      if (finished.complaint.startsWith('bwrap:')) {
        throw new ToolError('sandbox_failed', `The command was not run: ${finished.complaint.trim()}`);
      }
      return finished;
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
    ...(existsSync('/usr/src') ? ['--tmpfs', '/usr/src'] : []),
    // Root on the host may write kernel settings by being root, without any capability: some are for the whole machine.
    ...['--proc', '/proc', '--remount-ro', '/proc'],
    ...['--dev', '/dev', ...size(64 * MIB), '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ...[...size(256 * MIB), '--tmpfs', '/tmp'],
  ];
}

const INSTALL =
  'Install it (Debian, Ubuntu: apt install bubblewrap; Fedora: dnf install bubblewrap; Arch: pacman -S bubblewrap); it exists for Linux only.';

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
    `Commands run only inside bubblewrap (bwrap), which does not work on this worker: ${problem || 'it said nothing'}. Allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1, or an AppArmor profile for bwrap), or run the worker outside a container that forbids them.`,
  );
}
