import { statfs } from 'node:fs/promises';
import { type Bounds, MIB } from '../bounds.ts';
import { diskFault, tooLarge } from '../files/workspace-room.ts';
import { measureWorkspace } from '../files/workspace-size.ts';
import type { Reached } from '../reached-bound.ts';

/** What a command that is only to delete may add to the disk; a folder that is made takes some, too. */
const SLACK_BYTES = 64 * MIB;

/** The room that a command has in its workspace. */
export interface CommandRoom {
  /** The workspace was full: the command is to delete, and may write no file. */
  isFull: boolean;
  /** Whether the command has taken up too much by now. */
  look(signal: AbortSignal): Promise<Reached | undefined>;
}

/** Looks at workspaces before, while and after commands run in them. */
export function lookUpRoom() {
  /** Workspaces that were seen to have room: others are measured before a command runs in them. */
  const roomy = new Set<string>();

  async function measured(
    workspace: string,
    { workspaceBytes }: Bounds,
    signal: AbortSignal,
  ): Promise<Reached | undefined> {
    const size = await measureWorkspace(workspace, { stopAtBytes: workspaceBytes, signal });
    const reached = tooLarge(size, workspaceBytes);
    if (reached) roomy.delete(workspace);
    else roomy.add(workspace);
    return reached;
  }

  return {
    async before(workspace: string, bounds: Bounds, signal: AbortSignal): Promise<CommandRoom> {
      const isFull = !roomy.has(workspace) && (await measured(workspace, bounds, signal)) !== undefined;
      if (!isFull) {
        return {
          isFull,
          look: async (until) => (await measured(workspace, bounds, until)) ?? (await diskFault(workspace)),
        };
      }
      const freeBefore = await freeBytes(workspace);
      return {
        isFull,
        look: async () =>
          freeBefore - (await freeBytes(workspace)) > SLACK_BYTES ? addedToFull() : undefined,
      };
    },
    /** What is told of a command that ended by itself; one that was to delete is not blamed for what is still there. */
    async after(
      workspace: string,
      bounds: Bounds,
      { isFull }: CommandRoom,
      signal: AbortSignal,
    ): Promise<Reached | undefined> {
      const reached = await measured(workspace, bounds, signal);
      return isFull ? undefined : reached;
    },
  };
}

async function freeBytes(workspace: string): Promise<number> {
  const { bsize, bavail } = await statfs(workspace);
  return bavail * bsize;
}

function addedToFull(): Reached {
  return {
    code: 'workspace_full',
    message:
      'The command was ended: the workspace is full, and it added to it. Only delete (rm -r) until there is room.',
  };
}
