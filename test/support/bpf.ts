/** What a system call is to a filter of `seccomp`. */
export interface SystemCall {
  arch: number;
  number: number;
  args?: bigint[];
}

/** Runs a program of classic BPF on a call, as the kernel does, and returns what it returns. */
export function runFilter(program: Buffer, { arch, number, args = [] }: SystemCall): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number >>> 0, 0);
  data.writeUInt32LE(arch >>> 0, 4);
  args.forEach((value, index) => {
    data.writeBigUInt64LE(BigInt.asUintN(64, value), 16 + 8 * index);
  });
  let loaded = 0;
  for (let at = 0; at < program.length / 8; at++) {
    const code = program.readUInt16LE(at * 8);
    const value = program.readUInt32LE(at * 8 + 4);
    if (code === 0x06) return value;
    if (code === 0x20) loaded = data.readUInt32LE(value);
    else at += program.readUInt8(at * 8 + (compare(code, loaded, value) ? 2 : 3));
  }
  throw new Error('The program has no end here.');
}

function compare(code: number, loaded: number, value: number): boolean {
  if (code === 0x15) return loaded === value;
  if (code === 0x25) return loaded > value;
  if (code === 0x45) return (loaded & value) !== 0;
  throw new Error(`There is no instruction 0x${code.toString(16)}.`);
}
