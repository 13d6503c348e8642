import type { SandboxTerms } from '../contract/index.ts';

/** What an agent's commands and files may take up on a worker. */
export interface Bounds {
  /** Memory of its commands, together. */
  memoryBytes: number;
  /** Processes and threads of its commands, together. */
  processes: number;
  /** What its workspace may take up of the disk. */
  workspaceBytes: number;
}

export const MIB = 1_048_576;

/** The bounds where nothing else is configured. */
export const DEFAULT_BOUNDS: Bounds = {
  memoryBytes: 2_048 * MIB,
  processes: 512,
  workspaceBytes: 4_096 * MIB,
};

/** Bounds as the configuration has them. */
export function boundsOf(given: { memoryMiB: number; processes: number; workspaceMiB: number }): Bounds {
  const { memoryMiB, processes, workspaceMiB } = given;
  return { memoryBytes: memoryMiB * MIB, processes, workspaceBytes: workspaceMiB * MIB };
}

/** Bounds of a worker as an agent's definition narrows them; it never widens them. */
export function narrowedBounds(
  bounds: Bounds = DEFAULT_BOUNDS,
  { memoryMiB, processes, workspaceMiB }: SandboxTerms = {},
): Bounds {
  return {
    memoryBytes: Math.min(bounds.memoryBytes, (memoryMiB ?? Number.POSITIVE_INFINITY) * MIB),
    processes: Math.min(bounds.processes, processes ?? Number.POSITIVE_INFINITY),
    workspaceBytes: Math.min(bounds.workspaceBytes, (workspaceMiB ?? Number.POSITIVE_INFINITY) * MIB),
  };
}

/** A size as people read it, such as `1.5 GiB`. */
export function shownBytes(bytes: number): string {
  if (bytes < MIB) return `${Math.ceil(bytes / 1_024)} KiB`;
  const [size, unit] = bytes < 1_024 * MIB ? [bytes / MIB, 'MiB'] : [bytes / (1_024 * MIB), 'GiB'];
  return `${Number(size.toFixed(1))} ${unit}`;
}
