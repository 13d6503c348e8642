import { describe, expect, it } from '@jest/globals';
import { type Machine, seccompFilter } from '../../../../src/tools/sandbox/seccomp/filter.ts';
import { RULES } from '../../../../src/tools/sandbox/seccomp/rules.ts';
import { runFilter } from '../../../support/bpf.ts';

const ARCH: Record<Machine, number> = { x64: 0xc000003e, arm64: 0xc00000b7 };
const ALLOWED = 'allowed';
const KILLED = 'killed';
const [EPERM, ENOMEM, ENOSYS, EAFNOSUPPORT] = [1, 12, 38, 97];

const numberOf = (machine: Machine, name: string) => {
  const number = RULES.find((rule) => rule.name === name)?.[machine];
  if (typeof number !== 'number') throw new Error(`${machine} has no ${name}.`);
  return number;
};

describe.each<Machine>(['x64', 'arm64'])('the filter of system calls on %s', (machine) => {
  const program = seccompFilter(machine);

  function answer(number: number, args: number[] = [], arch = ARCH[machine]): string | number {
    const result = runFilter(program, { arch, number, args: args.map(BigInt) });
    if (result === 0x7fff0000) return ALLOWED;
    return result === 0x80000000 ? KILLED : result - 0x50000;
  }
  const call = (name: string, ...args: number[]) => answer(numberOf(machine, name), args);

  it.each([
    ['fchmod', 1],
    ['fchmodat', 2],
    ['fchmodat2', 2],
    ['mknodat', 2],
  ])('refuses set-uid and set-gid modes to %s, whatever else is in the argument', (name, arg) => {
    const withMode = (mode: number) => {
      const args = [0, 0, 0, 0];
      args[arg] = mode;
      return call(name, ...args);
    };
    for (const mode of [0o4755, 0o2755, 0o6000, 0o104755, 0x7fff0000 + 0o4000]) {
      expect(withMode(mode)).toBe(EPERM);
    }
    for (const mode of [0, 0o755, 0o1777, 0o100644]) expect(withMode(mode)).toBe(ALLOWED);
  });

  it('refuses to make a file with such a mode, and takes no notice of a mode where no file is made', () => {
    expect(call('openat', 0, 0, 0o101, 0o4755)).toBe(EPERM);
    expect(call('openat', 0, 0, 0o20200002, 0o2644)).toBe(EPERM);
    expect(call('openat', 0, 0, 0o101, 0o644)).toBe(ALLOWED);
    expect(call('openat', 0, 0, 0o2, 0o4755)).toBe(ALLOWED);
    // O_DIRECTORY alone is no O_TMPFILE.
    expect(call('openat', 0, 0, 0o200000, 0o4755)).toBe(ALLOWED);
    expect(call('openat2')).toBe(ENOSYS);
  });

  it('refuses new namespaces, and lets processes and threads be made', () => {
    expect(call('clone', 0x10000011)).toBe(EPERM);
    expect(call('clone', 0x00020011)).toBe(EPERM);
    expect(call('clone', 0x01200011)).toBe(ALLOWED);
    expect(call('clone', 0x003d0f00)).toBe(ALLOWED);
    expect(call('unshare', 0x80)).toBe(EPERM);
    expect(call('unshare', 0x400)).toBe(ALLOWED);
    expect(call('clone3')).toBe(ENOSYS);
  });

  it('lets sockets be of a few families only', () => {
    for (const family of [1, 2, 10, 16]) expect(call('socket', family)).toBe(ALLOWED);
    // AF_ALG, AF_PACKET, AF_BLUETOOTH, AF_VSOCK, AF_XDP, and none.
    for (const family of [38, 17, 31, 40, 44, 0]) {
      expect(call('socket', family)).toBe(EAFNOSUPPORT);
      expect(call('socketpair', family)).toBe(EAFNOSUPPORT);
    }
  });

  it('refuses to type into a terminal, by the lower half of the request as the kernel reads it', () => {
    expect(call('ioctl', 0, 0x5412)).toBe(EPERM);
    expect(call('ioctl', 0, 0x7_0000_5412)).toBe(EPERM);
    expect(call('ioctl', 0, 0x541c)).toBe(EPERM);
    expect(call('ioctl', 0, 0x5401)).toBe(ALLOWED);
  });

  it('lets segments of shared memory be small only', () => {
    expect(call('shmget', 0, 56)).toBe(ALLOWED);
    expect(call('shmget', 0, 65_536)).toBe(ALLOWED);
    expect(call('shmget', 0, 65_537)).toBe(ENOMEM);
    expect(call('shmget', 0, 2 ** 40)).toBe(ENOMEM);
  });

  it('lets a process ask what its personality is, and not give up the randomness of addresses', () => {
    expect(call('personality', 0xffffffff)).toBe(ALLOWED);
    expect(call('personality', 0)).toBe(ALLOWED);
    expect(call('personality', 0x0040000)).toBe(EPERM);
  });

  it.each([
    ['io_uring_setup', ENOSYS],
    ['io_uring_enter', ENOSYS],
    ['io_uring_register', ENOSYS],
    ['userfaultfd', EPERM],
    ['bpf', EPERM],
    ['perf_event_open', EPERM],
    ['keyctl', EPERM],
    ['add_key', EPERM],
    ['ptrace', EPERM],
    ['mount', EPERM],
    ['fsopen', ENOSYS],
    ['setns', EPERM],
    ['memfd_create', ENOSYS],
  ])('refuses %s always', (name, errno) => {
    expect(call(name)).toBe(errno);
    expect(call(name, 1, 2, 3)).toBe(errno);
  });

  it('refuses each call that a rule names without a test, and no other one', () => {
    const refusable = new Set(RULES.map((rule) => rule[machine]));
    const always = new Map(
      RULES.filter(({ when }) => !when).map((rule) => [rule[machine], rule.errno] as const),
    );
    for (let number = 0; number <= 469; number++) {
      if (refusable.has(number) && !always.has(number)) continue;
      expect([number, answer(number)]).toEqual([number, always.get(number) ?? ALLOWED]);
    }
  });

  it('answers newer calls, and those of x32, as if there were none', () => {
    for (const number of [470, 1_000, 0x40000000, 0x40000000 + 90, 0xffffffff]) {
      expect(answer(number)).toBe(ENOSYS);
    }
  });

  it('ends a process that calls as another architecture does', () => {
    // i386, 32-bit ARM, and the other one of the two.
    for (const arch of [0x40000003, 0x40000028, machine === 'x64' ? ARCH.arm64 : ARCH.x64, 0]) {
      expect(answer(1, [], arch)).toBe(KILLED);
    }
  });

  it('names each call once', () => {
    const numbers = RULES.map((rule) => rule[machine]).filter((number) => number !== null);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

it('the filter of system calls on x64 refuses set-uid modes to the calls that arm64 does not have', () => {
  const program = seccompFilter('x64');
  const call = (name: string, ...args: number[]) =>
    runFilter(program, { arch: ARCH.x64, number: numberOf('x64', name), args: args.map(BigInt) });
  for (const name of ['chmod', 'creat', 'mknod']) {
    expect(call(name, 0, 0o4755)).toBe(0x50001);
    expect(call(name, 0, 0o755)).toBe(0x7fff0000);
  }
  expect(call('open', 0, 0o101, 0o4755)).toBe(0x50001);
  expect(call('open', 0, 0, 0o4755)).toBe(0x7fff0000);
});
