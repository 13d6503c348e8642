/** Error numbers that refused calls fail with. */
const EPERM = 1;
const ENOMEM = 12;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

/** A test of an argument of a call, by its number from 0. Arguments that the kernel takes as 32 bits are compared as such. */
export type Test =
  | { arg: number; has: number }
  | { arg: number; above: number }
  | { arg: number; anyOf: readonly number[] }
  | { arg: number; noneOf: readonly number[] };

/** A call that is refused: always, or where all of the tests hold. */
export interface Rule {
  name: string;
  /** Its number on x86_64 and on aarch64; null where there is no such call. */
  x64: number | null;
  arm64: number | null;
  errno: number;
  when?: readonly Test[];
}

/** The newest call that the rules know of (`file_setattr`, Linux 6.17): what came later is answered as if there were none. */
export const NEWEST_CALL = 469;

const SET_ID_BITS = 0o6000;
/** `O_CREAT` and the bit of `O_TMPFILE` that nothing else has. */
const MAKES_A_FILE = 0o100 | 0o20000000;
/** Every `CLONE_NEW…`; `CLONE_NEWTIME` (0x80) is a flag of `unshare` only. */
const NAMESPACES = 0x7e020000;
const [AF_UNIX, AF_INET, AF_INET6, AF_NETLINK] = [1, 2, 10, 16];
const FAMILIES = [AF_UNIX, AF_INET, AF_INET6, AF_NETLINK];
const [TIOCSTI, TIOCLINUX] = [0x5412, 0x541c];
/** What Docker lets through: Linux, 32 bits, an old version's name; 0xffffffff asks. */
const PERSONALITIES = [0x0, 0x8, 0x20000, 0x20008, 0xffffffff];
const SMALL_SEGMENT_BYTES = 65_536;

type Numbers = [name: string, x64: number | null, arm64: number | null];
const refused = (errno: number, calls: Numbers[], when?: readonly Test[]): Rule[] =>
  calls.map(([name, x64, arm64]) => ({ name, x64, arm64, errno, ...(when && { when }) }));
const setsIds = (arg: number): Test => ({ arg, has: SET_ID_BITS });

/** Nobody makes a set-uid or set-gid file: outside, it would run as the worker's user. */
const SET_ID: Rule[] = [
  ...refused(EPERM, [['chmod', 90, null]], [setsIds(1)]),
  ...refused(EPERM, [['fchmod', 91, 52]], [setsIds(1)]),
  ...refused(EPERM, [['fchmodat', 268, 53]], [setsIds(2)]),
  ...refused(EPERM, [['fchmodat2', 452, 452]], [setsIds(2)]),
  ...refused(EPERM, [['creat', 85, null]], [setsIds(1)]),
  ...refused(EPERM, [['mknod', 133, null]], [setsIds(1)]),
  ...refused(EPERM, [['mknodat', 259, 33]], [setsIds(2)]),
  ...refused(EPERM, [['open', 2, null]], [{ arg: 1, has: MAKES_A_FILE }, setsIds(2)]),
  ...refused(EPERM, [['openat', 257, 56]], [{ arg: 2, has: MAKES_A_FILE }, setsIds(3)]),
  // Its mode lies in memory, which a filter cannot read; programs fall back to openat.
  ...refused(ENOSYS, [['openat2', 437, 437]]),
];

/** A second way to make any system call, past every filter. */
const IO_URING = refused(ENOSYS, [
  ['io_uring_setup', 425, 425],
  ['io_uring_enter', 426, 426],
  ['io_uring_register', 427, 427],
]);

const NEW_NAMESPACES: Rule[] = [
  ...refused(EPERM, [['clone', 56, 220]], [{ arg: 0, has: NAMESPACES }]),
  ...refused(EPERM, [['unshare', 272, 97]], [{ arg: 0, has: NAMESPACES | 0x80 }]),
  // Its flags lie in memory; libraries fall back to clone.
  ...refused(ENOSYS, [['clone3', 435, 435]]),
  ...refused(EPERM, [['setns', 308, 268]]),
];

const MOUNTS: Rule[] = [
  ...refused(EPERM, [
    ['mount', 165, 40],
    ['umount2', 166, 39],
    ['pivot_root', 155, 41],
    ['chroot', 161, 51],
  ]),
  ...refused(ENOSYS, [
    ['open_tree', 428, 428],
    ['move_mount', 429, 429],
    ['fsopen', 430, 430],
    ['fsconfig', 431, 431],
    ['fsmount', 432, 432],
    ['fspick', 433, 433],
    ['mount_setattr', 442, 442],
    ['open_tree_attr', 467, 467],
  ]),
];

/** Parts of the kernel that attacks on it often went through, or that are for the whole machine. */
const KERNEL = refused(EPERM, [
  ['userfaultfd', 323, 282],
  ['bpf', 321, 280],
  ['perf_event_open', 298, 241],
  ['add_key', 248, 217],
  ['request_key', 249, 218],
  ['keyctl', 250, 219],
  ['syslog', 103, 116],
  ['uselib', 134, null],
  ['acct', 163, 89],
  ['modify_ldt', 154, null],
  ['quotactl', 179, 60],
  ['quotactl_fd', 443, 443],
  ['lookup_dcookie', 212, 18],
  ['open_by_handle_at', 304, 265],
  ['fanotify_init', 300, 262],
  ['ustat', 136, null],
  ['sysfs', 139, null],
  ['_sysctl', 156, null],
  ['create_module', 174, null],
  ['init_module', 175, 105],
  ['delete_module', 176, 106],
  ['get_kernel_syms', 177, null],
  ['query_module', 178, null],
  ['finit_module', 313, 273],
  ['nfsservctl', 180, 42],
  ['kexec_load', 246, 104],
  ['kexec_file_load', 320, 294],
  ['reboot', 169, 142],
  ['swapon', 167, 224],
  ['swapoff', 168, 225],
  ['settimeofday', 164, 170],
  ['clock_settime', 227, 112],
  ['adjtimex', 159, 171],
  ['clock_adjtime', 305, 266],
  ['sethostname', 170, 161],
  ['setdomainname', 171, 162],
  ['iopl', 172, null],
  ['ioperm', 173, null],
  ['vhangup', 153, 58],
  ['mbind', 237, 235],
  ['set_mempolicy', 238, 237],
  ['get_mempolicy', 239, 236],
  ['migrate_pages', 256, 238],
  ['move_pages', 279, 239],
  ['set_mempolicy_home_node', 450, 450],
]);

/** Looking into other processes, of which bubblewrap's own is one. */
const OTHER_PROCESSES = refused(EPERM, [
  ['ptrace', 101, 117],
  ['process_vm_readv', 310, 270],
  ['process_vm_writev', 311, 271],
  ['kcmp', 312, 272],
  ['pidfd_getfd', 438, 438],
  ['process_madvise', 440, 440],
]);

/** Memory that is in no process, where nothing would count it. Libraries fall back to files. */
const UNCOUNTED_MEMORY: Rule[] = [
  ...refused(ENOSYS, [
    ['memfd_create', 319, 279],
    ['memfd_secret', 447, 447],
  ]),
  ...refused(ENOMEM, [['shmget', 29, 194]], [{ arg: 1, above: SMALL_SEGMENT_BYTES }]),
];

/** What is refused in the sandbox. On the choice: docs/adr/0030. */
export const RULES: readonly Rule[] = [
  ...SET_ID,
  ...IO_URING,
  ...NEW_NAMESPACES,
  ...MOUNTS,
  ...KERNEL,
  ...OTHER_PROCESSES,
  ...UNCOUNTED_MEMORY,
  ...refused(
    EAFNOSUPPORT,
    [
      ['socket', 41, 198],
      ['socketpair', 53, 199],
    ],
    [{ arg: 0, noneOf: FAMILIES }],
  ),
  // Both type into the terminal that a process was started from.
  ...refused(EPERM, [['ioctl', 16, 29]], [{ arg: 1, anyOf: [TIOCSTI, TIOCLINUX] }]),
  ...refused(EPERM, [['personality', 135, 92]], [{ arg: 0, noneOf: PERSONALITIES }]),
];
