import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { bestHolding, type Holding, holdDirectory } from '../../../src/tools/files/held-directory.ts';
import { readText, writeText } from '../../../src/tools/files/text-file.ts';
import { temporaryFolder } from '../../support/tool-context.ts';

const onLinux = process.platform === 'linux' ? it : it.skip;
const holdings: Holding[] = bestHolding() === 'handles' ? ['handles', 'real-paths'] : ['real-paths'];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let workspace: string;
let outside: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  workspace = join(folder.path, 'workspace');
  outside = join(folder.path, 'outside');
  await mkdir(join(workspace, 'inner'), { recursive: true });
  await mkdir(outside);
  await writeFile(join(workspace, 'inner/file.txt'), 'inside');
  await writeFile(join(outside, 'file.txt'), 'outside');
});
afterEach(async () => {
  await folder[Symbol.asyncDispose]();
});

/** What an attacker inside the workspace does between our looking and our opening. */
async function swapForLink(): Promise<void> {
  await rename(join(workspace, 'inner'), join(workspace, 'moved'));
  await symlink(outside, join(workspace, 'inner'));
}

describe.each(holdings)('a directory held by %s', (holding) => {
  it('reads and writes what is in it', async () => {
    await using held = await holdDirectory(workspace, ['inner'], holding);
    await writeText(held, 'new.txt', 'written', async () => {});
    expect(await readText(held, 'new.txt')).toBe('written');
    expect(await readFile(join(workspace, 'inner/new.txt'), 'utf8')).toBe('written');
  });

  it('refuses links on the way and at the end', async () => {
    await swapForLink();
    await symlink('../outside/file.txt', join(workspace, 'moved/link.txt'));
    await expect(holdDirectory(workspace, ['inner'], holding)).rejects.toMatchObject({ code: 'ELOOP' });
    await using moved = await holdDirectory(workspace, ['moved'], holding);
    await expect(readText(moved, 'link.txt')).rejects.toMatchObject({ code: 'ELOOP' });
  });

  it('never reads or writes outside when the folder is swapped for a link while it is held', async () => {
    await using held = await holdDirectory(workspace, ['inner'], holding);
    await swapForLink();
    const read = await readText(held, 'file.txt').catch(() => 'refused');
    await writeText(held, 'file.txt', 'overwritten', async () => {}).catch(() => 'refused');
    expect(['inside', 'refused']).toContain(read);
    expect(await readFile(join(outside, 'file.txt'), 'utf8')).toBe('outside');
  });
});

describe('a folder that is swapped to and fro', () => {
  onLinux('is never left, however often it is tried', async () => {
    const done = new AbortController();
    const attack = (async () => {
      while (!done.signal.aborted) {
        await swapForLink();
        await rm(join(workspace, 'inner'));
        await rename(join(workspace, 'moved'), join(workspace, 'inner'));
      }
    })();
    const seen = new Set<string>();
    for (let attempt = 0; attempt < 500; attempt += 1) {
      seen.add(await tryBoth());
    }
    done.abort();
    await attack;
    expect(seen).not.toContain('outside');
    expect(await readFile(join(outside, 'file.txt'), 'utf8')).toBe('outside');
  });

  async function tryBoth(): Promise<string> {
    try {
      await using held = await holdDirectory(workspace, ['inner']);
      await writeText(held, 'file.txt', 'inside', async () => {});
      return await readText(held, 'file.txt');
    } catch (error) {
      return (error as { code?: string }).code ?? 'error';
    }
  }
});
