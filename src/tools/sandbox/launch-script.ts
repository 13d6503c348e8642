import { release } from 'node:os';
import type { Bounds } from '../bounds.ts';

const OPEN_FILES = 4_096;
/**
 * Bounds that the kernel holds stand behind those that are watched: they hold what grows between two looks, and a command that
 * reaches what is watched is ended with an explanation instead of failing on its own. Memory is that of each process, which
 * may well ask for more than it uses.
 */
const PROCESSES_BEHIND = 2;
const MEMORY_BEHIND = 4;
/** So that a file which is as large as it may be makes its workspace too large. */
const FILE_BEHIND_BYTES = 4_096;

/**
 * Sets the bounds that the kernel holds, then becomes the command. Both outputs go to one stream, so that they keep their
 * order; what bubblewrap itself says stays apart. `ulimit` fails where a bound is lower already. Processes are `-u` to bash
 * and `-p` to dash and BusyBox.
 */
const SCRIPT = [
  '{ ulimit -c 0; ulimit -n "$1"; ulimit -f "$2"; ulimit -d "$3"',
  '[ -z "$4" ] || ulimit -u "$4" || ulimit -p "$4"; } 2>/dev/null',
  // Writing beyond a bound fails, as on a full disk, instead of ending the program.
  'trap "" XFSZ 2>/dev/null',
  'shift 4',
  // The worker goes first where time is short.
  '! command -v nice >/dev/null || exec nice -n 10 /bin/sh -c "$1" 2>&1',
  'exec /bin/sh -c "$1" 2>&1',
].join('\n');

/** The arguments that have bubblewrap run a command of `/bin/sh` within bounds; one that may write no file, where it may not. */
export function launchScript(
  command: string,
  { memoryBytes, processes, workspaceBytes }: Bounds,
  mayWrite: boolean,
): string[] {
  const bounds = [
    OPEN_FILES,
    mayWrite ? Math.ceil((workspaceBytes + FILE_BEHIND_BYTES) / 512) : 0,
    Math.ceil((memoryBytes * MEMORY_BEHIND) / 1_024),
    countsBySandbox(release()) ? processes * PROCESSES_BEHIND : '',
  ];
  return ['--', '/bin/sh', '-c', SCRIPT, 'sh', ...bounds.map(String), command];
}

/** Since Linux 5.14 processes are counted for each user namespace; before, for the user, whose worker would be counted too. */
export function countsBySandbox(kernel: string): boolean {
  const [major = 0, minor = 0] = kernel.split('.').map((part) => Number.parseInt(part, 10));
  return major > 5 || (major === 5 && minor >= 14);
}
