import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ROOT } from '../../support/environment.ts';

interface Rule {
  names: string[];
  action: string;
  errnoRet?: number;
  args?: { index: number; value: number; op: string }[];
}

const text = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const profile = JSON.parse(text('ops/seccomp-worker.json')) as { defaultAction: string; syscalls: Rule[] };
const worker = (file: string): { security_opt: string[] } =>
  parse(text(file), { merge: true }).services.worker;
const rulesOf = (name: string) => profile.syscalls.filter(({ names }) => names.includes(name));
const isAllowed = (name: string) =>
  rulesOf(name).some(({ action, args }) => action === 'SCMP_ACT_ALLOW' && !args);

describe('the system calls of the worker’s container', () => {
  it('are those that are named', () => {
    expect(profile.defaultAction).toBe('SCMP_ACT_ERRNO');
    expect(worker('docker-compose.yml').security_opt).toContain('seccomp:./ops/seccomp-worker.json');
  });

  it('are enough for the sandboxes of Chromium and bubblewrap', () => {
    const needed = ['clone', 'unshare', 'chroot', 'mount', 'umount2', 'pivot_root', 'sethostname', 'seccomp'];
    expect(needed.filter((name) => !isAllowed(name))).toEqual([]);
  });

  it.each([
    [
      'reach into other processes',
      ['ptrace', 'process_vm_readv', 'process_vm_writev', 'pidfd_getfd', 'kcmp'],
    ],
    [
      'join other namespaces',
      ['setns', 'open_by_handle_at', 'open_tree', 'move_mount', 'fsopen', 'mount_setattr'],
    ],
    ['load code into the kernel', ['bpf', 'init_module', 'finit_module', 'kexec_load', 'kexec_file_load']],
    ['use what was often broken', ['io_uring_setup', 'userfaultfd', 'keyctl', 'add_key', 'perf_event_open']],
    [
      'change the machine',
      ['reboot', 'swapon', 'settimeofday', 'clock_settime', 'iopl', 'ioperm', 'syslog', 'acct'],
    ],
  ])('do not let it %s', (_what, names) => {
    expect(names.flatMap(rulesOf)).toEqual([]);
  });

  it('open sockets of the network, of this machine, and of routes only: no VSOCK, no packets, no kernel crypto', () => {
    const allowed = rulesOf('socket').map(({ args = [] }) => args.map(({ index, value }) => [index, value]));
    // AF_UNIX, AF_INET, AF_INET6; AF_NETLINK with NETLINK_ROUTE.
    expect(allowed).toEqual([
      [[0, 1]],
      [[0, 2]],
      [[0, 10]],
      [
        [0, 16],
        [2, 0],
      ],
    ]);
    for (const { args = [] } of rulesOf('socket'))
      expect(args.every(({ op }) => op === 'SCMP_CMP_EQ')).toBe(true);
  });

  it('take clone3 for missing, whose flags nobody can judge', () => {
    const ENOSYS = 38;
    expect(rulesOf('clone3')).toEqual([
      expect.objectContaining({ action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS }),
    ]);
  });
});

describe('docker-compose.sandbox.yml', () => {
  it('gives run_command what it needs and the profile of AppArmor that is shipped; seccomp stays', () => {
    const { security_opt } = worker('docker-compose.sandbox.yml');
    expect(security_opt).toEqual(['systempaths=unconfined', 'apparmor:longturn-worker']);
    expect(text('ops/apparmor-worker')).toContain('\nprofile longturn-worker ');
  });
});
