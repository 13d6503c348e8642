import { NEWEST_CALL, RULES, type Rule, type Test } from './rules.ts';

/** A machine that the filter is made for, by Node's name of it. */
export type Machine = 'x64' | 'arm64';

/** The machine of this process; undefined where the rules have no numbers for it. */
export function thisMachine(): Machine | undefined {
  return process.arch === 'x64' || process.arch === 'arm64' ? process.arch : undefined;
}

/** Classic BPF as `seccomp` takes it: `linux/filter.h`, `linux/bpf_common.h`, `linux/seccomp.h`. */
const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_GREATER = 0x25;
const JUMP_ANY_BIT = 0x45;
const RETURN = 0x06;

const ALLOW = 0x7fff0000;
const FAIL = 0x00050000;
const KILL_PROCESS = 0x80000000;

/** Where `struct seccomp_data` has its parts; arguments are 64 bits, the lower half first on both machines. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const low = (arg: number) => 16 + 8 * arg;
const high = (arg: number) => low(arg) + 4;

const AUDIT_ARCH: Record<Machine, number> = { x64: 0xc000003e, arm64: 0xc00000b7 };
const ENOSYS = 38;

/** Instructions to go on to: a number of them to pass over, or one of the two ends of the rule. */
type Target = number | 'allow' | 'refuse';
interface Instruction {
  code: number;
  value: number;
  /** Of jumps: where to when the comparison holds, and when not. */
  yes?: Target;
  no?: Target;
}

const load = (offset: number): Instruction => ({ code: LOAD, value: offset });
const end = (value: number): Instruction => ({ code: RETURN, value });
const jump = (code: number, value: number, yes: Target, no: Target): Instruction => ({
  code,
  value,
  yes,
  no,
});

/**
 * The filter of the sandbox as a program for the kernel (an array of `struct sock_filter`). Calls of another architecture
 * (i386 on x86_64, 32-bit ARM) end the process; those of x32 and those newer than the rules fail as if there were none.
 */
export function seccompFilter(machine: Machine, rules: readonly Rule[] = RULES): Buffer {
  const program = [
    load(ARCHITECTURE),
    jump(JUMP_EQUAL, AUDIT_ARCH[machine], 1, 0),
    end(KILL_PROCESS),
    load(NUMBER),
    // x32 has its numbers from 0x40000000 on.
    jump(JUMP_GREATER, NEWEST_CALL, 0, 1),
    end(FAIL | ENOSYS),
    ...rules.flatMap((rule) => instructionsOf(rule, rule[machine])),
    end(ALLOW),
  ];
  return Buffer.concat(program.map(encode));
}

function instructionsOf({ errno, when = [] }: Rule, number: number | null): Instruction[] {
  if (number === null) return [];
  const tests = when.flatMap((test, index) => holds(test, index === when.length - 1));
  const body = [...tests, end(FAIL | errno), end(ALLOW)];
  return [
    jump(JUMP_EQUAL, number, 0, body.length),
    ...body.map((each, at) => resolve(each, at, body.length)),
  ];
}

/** Instructions that go on where the test holds (to the refusal, where it is the last one), and otherwise allow. */
function holds(test: Test, isLast: boolean): Instruction[] {
  if ('has' in test) return [load(low(test.arg)), jump(JUMP_ANY_BIT, test.has, 0, 'allow')];
  if ('above' in test) {
    if (!isLast) throw new Error('A test "above" must be the last one of its rule.');
    return [
      load(high(test.arg)),
      jump(JUMP_EQUAL, 0, 0, 'refuse'),
      load(low(test.arg)),
      jump(JUMP_GREATER, test.above, 'refuse', 'allow'),
    ];
  }
  if (!isLast) throw new Error('A test of several values must be the last one of its rule.');
  const among = 'anyOf' in test;
  const values = among ? test.anyOf : test.noneOf;
  const comparisons = values.map((value, index) => {
    const no = index < values.length - 1 ? 0 : among ? 'allow' : 'refuse';
    return jump(JUMP_EQUAL, value, among ? 'refuse' : 'allow', no);
  });
  return [load(low(test.arg)), ...comparisons];
}

/** Ends of a rule become distances: the last but one instruction refuses, the last one allows. */
function resolve(instruction: Instruction, at: number, length: number): Instruction {
  const distance = (target: Target | undefined): number => {
    if (target === 'refuse') return length - 2 - at - 1;
    return target === 'allow' ? length - 1 - at - 1 : (target ?? 0);
  };
  return { ...instruction, yes: distance(instruction.yes), no: distance(instruction.no) };
}

function encode({ code, value, yes = 0, no = 0 }: Instruction): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(Number(yes), 2);
  bytes.writeUInt8(Number(no), 3);
  bytes.writeUInt32LE(value >>> 0, 4);
  return bytes;
}
