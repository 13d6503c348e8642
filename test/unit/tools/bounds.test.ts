import { describe, expect, it } from '@jest/globals';
import { boundsOf, MIB, narrowedBounds, shownBytes } from '../../../src/tools/bounds.ts';
import { countsBySandbox } from '../../../src/tools/sandbox/launch-script.ts';

describe('what an agent may take up', () => {
  const worker = boundsOf({ memoryMiB: 1_024, processes: 200, workspaceMiB: 50 });

  it('is what its worker allows', () => {
    expect(worker).toEqual({ memoryBytes: 1_024 * MIB, processes: 200, workspaceBytes: 50 * MIB });
    expect(narrowedBounds(worker)).toEqual(worker);
  });

  it('is narrowed by its definition, and never widened', () => {
    expect(narrowedBounds(worker, { memoryMiB: 100, processes: 300, workspaceMiB: 10 })).toEqual({
      memoryBytes: 100 * MIB,
      processes: 200,
      workspaceBytes: 10 * MIB,
    });
  });

  it('is told as people read it', () => {
    expect([3 * 1_024, 2.5 * MIB, 2_048 * MIB].map(shownBytes)).toEqual(['3 KiB', '2.5 MiB', '2 GiB']);
  });

  it('has its processes counted by the kernel where that counts those of the sandbox alone', () => {
    expect(['5.10.0-30-amd64', '4.18.0', '5.14.0-503.el9', '6.1.0', '10.0'].map(countsBySandbox)).toEqual([
      ...[false, false],
      ...[true, true, true],
    ]);
  });
});
