import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clearSetIds } from '../../../src/tools/files/clear-set-ids.ts';
import { createRunCommand } from '../../../src/tools/run-command.ts';
import { SYSTEM_PATH, withBubblewrap } from '../../support/sandbox.ts';
import { temporaryFolder, toolContext, toolErrorOf } from '../../support/tool-context.ts';

const [EPERM, ENOSYS, EAFNOSUPPORT] = [1, 38, 97];

const tool = createRunCommand({ searchPath: SYSTEM_PATH });
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let workspace: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  workspace = join(folder.path, 'workspaces', 'agent');
  await mkdir(workspace, { recursive: true });
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

const run = (command: string) => tool.run({ command }, toolContext(workspace));

/** The error number of each system call, made by perl: its `syscall` takes any number. */
async function errors(calls: string[]): Promise<number[]> {
  // What it passes on as an address must be a variable.
  const script = `$s = "some"; ${calls.map((call) => `$! = 0; syscall(${call}); print $! + 0, "\\n";`).join(' ')}`;
  const [headline, ...lines] = (await run(`perl -e '${script}'`)).split('\n');
  expect(headline).toBe('exit code 0');
  return lines.map(Number);
}

/** The least program for x86_64: these instructions, in a segment that may be executed. */
function program(...instructions: number[]): Buffer {
  const bytes = Buffer.alloc(120 + instructions.length);
  Buffer.from('7f454c46020101', 'hex').copy(bytes);
  bytes.writeUInt16LE(2, 16);
  bytes.writeUInt16LE(62, 18);
  bytes.writeUInt32LE(1, 20);
  bytes.writeBigUInt64LE(0x400078n, 24);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(64, 52);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(1, 56);
  bytes.writeUInt32LE(1, 64);
  bytes.writeUInt32LE(5, 68);
  bytes.writeBigUInt64LE(0x400000n, 80);
  bytes.writeBigUInt64LE(0x400000n, 88);
  bytes.writeBigUInt64LE(BigInt(bytes.length), 96);
  bytes.writeBigUInt64LE(BigInt(bytes.length), 104);
  bytes.writeBigUInt64LE(4096n, 112);
  Buffer.from(instructions).copy(bytes, 120);
  return bytes;
}

withBubblewrap('a command in the sandbox', () => {
  it('makes no file that runs as the user of the worker', async () => {
    const ways = [
      'touch a && chmod u+s a',
      'touch b && chmod 2755 b',
      'install -m 4755 /bin/true c',
      'cp /bin/true d && chmod 4755 d',
      'touch e && tar --mode=4755 -cf e.tar e && rm e && tar -xpf e.tar && test -u e',
      `perl -e 'use Fcntl; sysopen(F, "f", O_CREAT|O_WRONLY, 04755) or exit 1'`,
      `perl -e 'use POSIX; mkfifo("g", 04755) or exit 1'`,
      `perl -e 'open(F, ">", "h"); chmod(04755, F) or exit 1'`,
      `perl -e '$f = "b"; syscall(452, -100, $f, 04755, 0) and exit 1'`,
    ];
    for (const way of ways)
      expect([way, await run(`umask 0; ${way}`)]).toEqual([way, expect.not.stringMatching(/^exit code 0/)]);
    const files = await readdir(workspace);
    const modes = await Promise.all(files.map(async (name) => (await stat(join(workspace, name))).mode));
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((_, index) => ((modes[index] ?? 0) & 0o6000) !== 0)).toEqual([]);
  });

  it('uses files as before: permissions, pipes, archives, threads', async () => {
    const usual = `umask 022; cd /tmp; mkdir x; echo hi > x/f; chmod 755 x/f; mkfifo p; tar -cf t.tar x; tar -xpf t.tar; stat -c %a x/f; bash -c 'echo a | cat'; ls -d p`;
    expect(await run(usual)).toBe('exit code 0\n755\na\np');
  });

  it('has none of the calls by which kernels are attacked or filters passed by', async () => {
    const arm = process.arch === 'arm64';
    const expected: [call: string, errno: number][] = [
      ['425, 1, 0', ENOSYS],
      ['437, -100, $s, 0, 0', ENOSYS],
      ['435, 0, 0', ENOSYS],
      ['428, -100, $s, 1', ENOSYS],
      [arm ? '282, 1' : '323, 1', EPERM],
      [arm ? '280, 0, 0, 0' : '321, 0, 0, 0', EPERM],
      [arm ? '219, 0, -3, 0' : '250, 0, -3, 0', EPERM],
      [arm ? '117, 0' : '101, 0', EPERM],
      [arm ? '97, 0x10000000' : '272, 0x10000000', EPERM],
      [arm ? '29, 0, 0x5412, $s' : '16, 0, 0x5412, $s', EPERM],
      [arm ? '279, $s, 0' : '319, $s, 0', ENOSYS],
    ];
    expect(await errors(expected.map(([call]) => call))).toEqual(expected.map(([, errno]) => errno));
  });

  it('has sockets of the usual families, and no others', async () => {
    const socket = process.arch === 'arm64' ? 198 : 41;
    const families = [1, 2, 10, 16, 40, 38, 31];
    expect(
      await errors(families.map((family) => `${socket}, ${family}, ${family === 16 ? 3 : 1}, 0`)),
    ).toEqual([...[0, 0, 0, 0], ...[EAFNOSUPPORT, EAFNOSUPPORT, EAFNOSUPPORT]]);
  });

  (process.arch === 'x64' ? it : it.skip)('cannot call the kernel as a 32-bit program does', async () => {
    // mov eax, 1 (exit); mov ebx, 7; int 0x80
    await writeFile(join(workspace, 'i386'), program(0xb8, 1, 0, 0, 0, 0xbb, 7, 0, 0, 0, 0xcd, 0x80), {
      mode: 0o755,
    });
    // mov eax, 60 (exit); mov edi, 7; syscall
    await writeFile(join(workspace, 'x64'), program(0xb8, 60, 0, 0, 0, 0xbf, 7, 0, 0, 0, 0x0f, 0x05), {
      mode: 0o755,
    });
    expect(await run('./x64')).toBe('exit code 7');
    expect(await run('./i386')).toMatch(/^exit code (159|139)/);
  });

  it('is not run where there is no filter for the machine', async () => {
    const { arch } = process;
    Object.defineProperty(process, 'arch', { value: 'riscv64' });
    try {
      const error = await toolErrorOf(
        createRunCommand({ searchPath: '/usr/bin:/bin' }).run(
          { command: 'touch ran' },
          toolContext(workspace),
        ),
      );
      expect(error.code).toBe('sandbox_missing');
      expect(error.message).toContain('riscv64');
      expect(await readdir(workspace)).not.toContain('ran');
    } finally {
      Object.defineProperty(process, 'arch', { value: arch });
    }
  });
});

describe('workspaces of an older version', () => {
  it('lose the set-uid and set-gid bits of their files', async () => {
    const other = join(folder.path, 'workspaces', 'other', 'deep');
    await mkdir(other, { recursive: true });
    for (const [name, mode] of [
      ['planted', 0o4755],
      ['group', 0o2755],
      ['usual', 0o755],
    ] as const) {
      await writeFile(join(other, name), '');
      await chmod(join(other, name), mode);
    }
    const cleared = await clearSetIds(join(folder.path, 'workspaces'), new AbortController().signal);
    expect([...cleared]).toEqual([['other', 2]]);
    for (const name of ['planted', 'group', 'usual']) {
      expect((await stat(join(other, name))).mode & 0o7777).toBe(0o755);
    }
    expect([...(await clearSetIds(join(folder.path, 'none'), new AbortController().signal))]).toEqual([]);
  });
});
