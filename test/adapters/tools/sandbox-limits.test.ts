import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type Bounds, MIB } from '../../../src/tools/bounds.ts';
import { createRunCommand } from '../../../src/tools/run-command.ts';
import { createWriteFile } from '../../../src/tools/write-file.ts';
import { SYSTEM_PATH, withBubblewrap } from '../../support/sandbox.ts';
import { temporaryFolder, toolContext, toolErrorOf } from '../../support/tool-context.ts';

const tool = createRunCommand({ searchPath: SYSTEM_PATH });
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let workspace: string;
let workspaces = 0;

beforeAll(async () => {
  folder = await temporaryFolder();
});
beforeEach(async () => {
  workspace = join(folder.path, `workspace-${++workspaces}`);
  await mkdir(workspace);
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

const run = (command: string, bounds: Partial<Bounds> = {}, timeoutMs = 60_000) =>
  tool.run({ command, timeoutMs }, toolContext(workspace, undefined, { bounds }));

withBubblewrap('a command that takes up too much', () => {
  it('is ended at its limit of processes and told so, while other commands go on', async () => {
    const other = run('sleep 1; echo lived on', { processes: 100 });
    const bomb = join(folder.path, 'bomb');
    await mkdir(bomb);
    const context = toolContext(bomb, undefined, { bounds: { processes: 100 } });
    const error = await toolErrorOf(
      tool.run(
        { command: 'echo begun; for i in $(seq 400); do sleep 10 & done; wait', timeoutMs: 60_000 },
        context,
      ),
    );
    expect(error.code).toBe('process_limit');
    expect(error.message).toContain('more than 100 processes and threads');
    expect(error.message).toContain('begun');
    expect(await other).toBe('exit code 0\nlived on');
    expect(await run('echo still works')).toBe('exit code 0\nstill works');
  });

  it('is ended at its limit of memory and told so', async () => {
    const eater = `perl -e '$x = "a"; $x x= ${150 * MIB}; sleep 8'`;
    const error = await toolErrorOf(run(eater, { memoryBytes: 64 * MIB }));
    expect(error.code).toBe('memory_limit');
    expect(error.message).toContain('more than 64 MiB of memory');
  });

  it('is told of its limits where it asks for too much at once, and fails on its own', async () => {
    const result = await run(`perl -e '$x = "a"; $x x= ${400 * MIB}'`, { memoryBytes: 64 * MIB });
    expect(result).not.toContain('exit code 0');
    expect(result).toContain('at most 64 MiB of memory');
  });

  it('is ended for the memory of all its processes together, and for files in memory', async () => {
    const bounds = { memoryBytes: 96 * MIB };
    const many = `for i in 1 2 3 4; do perl -e '$x = "a"; $x x= ${24 * MIB}; sleep 8' & done; wait`;
    expect(await toolErrorOf(run(many, bounds))).toMatchObject({ code: 'memory_limit' });
    const files = 'head -c 120M /dev/zero > /tmp/file; sleep 8';
    expect(await toolErrorOf(run(files, bounds))).toMatchObject({ code: 'memory_limit' });
  });

  it('is not ended for memory that its processes share', async () => {
    const shared = `perl -e '$x = "a"; $x x= ${40 * MIB}; for (1..5) { if (!fork) { sleep 1; exit } } wait; print "done"'`;
    expect(await run(shared, { memoryBytes: 128 * MIB })).toBe('exit code 0\ndone');
  });

  it('shares the limits with the other commands of its agent', async () => {
    const half = `perl -e '$x = "a"; $x x= ${45 * MIB}; sleep 2'`;
    const bounds = { memoryBytes: 90 * MIB };
    const both = await Promise.allSettled([run(half, bounds), run(half, bounds)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'memory_limit' },
    });
  });

  it('has bounds that the kernel holds, for what grows between two looks', async () => {
    const limits = await run('cat /proc/self/limits', { memoryBytes: 64 * MIB, workspaceBytes: 32 * MIB });
    expect(limits).toMatch(/^Max core file size\s+0\s+0 /m);
    expect(limits).toMatch(new RegExp(`^Max file size\\s+${32 * MIB + 4_096} `, 'm'));
    expect(limits).toMatch(new RegExp(`^Max data size\\s+${256 * MIB}\\s+${256 * MIB} `, 'm'));
    expect(limits).toMatch(/^Max open files\s+\d{1,4}\s+\d{1,4} /m);
    expect(limits).toMatch(/^Max processes\s+1024\s+1024 /m);
  });

  it('steps back for the worker when time or memory is short', async () => {
    expect(await run('nice; cat /proc/self/oom_score_adj')).toBe(
      `exit code 0\n${Math.min(getPriority() + 10, 19)}\n1000`,
    );
  });

  it('finds no file system in memory that it may write without a small bound', async () => {
    const mounts = (await run("grep ' tmpfs rw' /proc/mounts")).split('\n').slice(1);
    expect(mounts.length).toBeGreaterThan(0);
    for (const mount of mounts) expect(Number(/size=(\d+)k/.exec(mount)?.[1])).toBeLessThanOrEqual(262_144);
  });
});

withBubblewrap('a workspace that is full', () => {
  const small = { workspaceBytes: 4 * MIB };
  const write = (path: string, bytes: number, bounds: Partial<Bounds> = small) =>
    createWriteFile().run(
      { path, content: 'x'.repeat(bytes) },
      toolContext(workspace, undefined, { bounds }),
    );

  it('ends the command that fills it, which is told so', async () => {
    const error = await toolErrorOf(
      run('for i in 1 2 3 4 5; do head -c 2M /dev/zero > $i; done; sleep 8', small),
    );
    expect(error.code).toBe('workspace_full');
    expect(error.message).toContain('of 4 MiB');
  });

  it('holds no file larger than itself, however fast it is written', async () => {
    const error = await toolErrorOf(run('head -c 60M /dev/zero > large', small));
    expect(error.code).toBe('workspace_full');
    expect(error.message).toContain('File too large');
    expect((await stat(join(workspace, 'large'))).size).toBeLessThanOrEqual(4 * MIB + 4_096);
  });

  it('lets commands delete and not write, until there is room', async () => {
    await toolErrorOf(run('head -c 5M /dev/zero > large; head -c 1M /dev/zero > other', small));
    const refused = await run('echo more > more; ls', small);
    expect(refused).toContain('[the workspace was full: the command could delete, but not write]');
    expect(refused).toContain('large');
    expect(await run('rm large other && cat more', small)).toMatch(/^exit code 0/);
    expect(await run('echo more > more; cat more', small)).toBe('exit code 0\nmore');
  });

  it('takes no further file by write_file, and one that becomes smaller', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await write(name, MIB - 4_096);
    const error = await toolErrorOf(write('e', MIB));
    expect(error.code).toBe('workspace_full');
    expect(error.message).toContain('of 4 MiB');
    expect(await write('a', 10)).toContain('Wrote 10 bytes');
    expect(await write('e', MIB - 4_096)).toContain('Wrote');
    expect((await readdir(workspace)).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('counts what is in folders that forbid to read them, and each file once', async () => {
    const hidden = 'mkdir h; head -c 3M /dev/zero > h/1; ln h/1 2; ln h/1 3; chmod 0 h';
    expect(await run(hidden, small)).toMatch(/^exit code 0/);
    expect(await toolErrorOf(write('d', MIB))).toMatchObject({ code: 'workspace_full' });
  });

  it('is not made endlessly deep', async () => {
    const deep = `perl -e 'for (1..200) { mkdir "d"; chdir "d" }'`;
    const error = await toolErrorOf(run(deep));
    expect(error.code).toBe('workspace_full');
    expect(error.message).toContain('nested deeper than 128');
    expect(await run('rm -r d')).toMatch(/^exit code 0/);
    expect(await run('touch ok')).toBe('exit code 0');
  });
});

withBubblewrap('the sandbox', () => {
  it('inherits no descriptor of the worker', async () => {
    const script = `
      const { createRunCommand } = await import(${JSON.stringify(join(import.meta.dirname, '../../../src/tools/run-command.ts'))});
      const { toolContext } = await import(${JSON.stringify(join(import.meta.dirname, '../../support/tool-context.ts'))});
      const tool = createRunCommand({ searchPath: ${JSON.stringify(SYSTEM_PATH)} });
      const command = 'ls -l /proc/self/fd; cat <&3; bash -c "cat <&47"';
      console.log(await tool.run({ command }, toolContext(${JSON.stringify(workspace)})));`;
    await writeFile(join(folder.path, 'secret'), 'key-to-everything');
    const planted = openSync(join(folder.path, 'secret'), 'r');
    const others = Array.from({ length: 47 - 3 }, () => 'ignore' as const);
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit', ...others, planted],
    });
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += chunk;
    });
    await once(child, 'close');
    const open = [...text.matchAll(/ (\d+) -> /g)].map(([, fd]) => Number(fd));
    // The fourth one is of the listing itself.
    expect(open).toEqual([0, 1, 2, 3]);
    expect(text).not.toContain('key-to-everything');
  });

  it('has the same limits where bubblewrap is an older one', async () => {
    const bin = join(folder.path, 'older');
    await mkdir(bin);
    const path = execFileSync('/bin/sh', ['-c', 'command -v bwrap'], { encoding: 'utf8' }).trim();
    await writeFile(
      join(bin, 'bwrap'),
      `#!/bin/sh
case " $* " in *" --size "*|*" --disable-userns "*) echo "bwrap: Unknown option" >&2; exit 1;; esac
exec ${path} "$@"
`,
    );
    await chmod(join(bin, 'bwrap'), 0o755);
    const older = createRunCommand({ searchPath: `${bin}:${SYSTEM_PATH}` });
    const context = toolContext(workspace, undefined, { bounds: { memoryBytes: 48 * MIB } });
    expect(await older.run({ command: 'unshare -U true; echo $?' }, context)).toMatch(/\n1$/);
    const files = { command: 'head -c 100M /dev/zero > /tmp/file; sleep 8' };
    expect(await toolErrorOf(older.run(files, context))).toMatchObject({ code: 'memory_limit' });
  });
});
