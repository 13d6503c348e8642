import { errorCode } from '../system-error.ts';
import { ToolError } from '../tool.ts';

const EXPECTED: Record<string, [code: string, says: string]> = {
  ENOENT: ['not_found', 'does not exist. See what there is with list_files.'],
  ENOTDIR: ['not_a_folder', 'leads through something that is not a folder.'],
  EISDIR: ['is_a_folder', 'is a folder, not a file. See what is in it with list_files.'],
  ELOOP: [
    'symlink_refused',
    'is or leads through a symbolic link; links are not followed. Name the file itself.',
  ],
  EACCES: ['not_permitted', 'may not be opened: its permissions forbid it.'],
  EPERM: ['not_permitted', 'may not be opened: its permissions forbid it.'],
  EROFS: ['not_permitted', 'may not be written: the file system is read-only.'],
  ENAMETOOLONG: ['path_invalid', 'has a name in it that is too long; use at most 255 bytes.'],
  ENOSPC: ['no_space', 'cannot be written: the disk is full. Ask the operator for space.'],
  EDQUOT: ['no_space', 'cannot be written: the quota is used up. Ask the operator for space.'],
  ENXIO: ['not_a_file', 'is not a regular file.'],
};

/** Runs a file operation; what the file system commonly refuses becomes a {@link ToolError} that names the path. */
export async function naming<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    const expected = EXPECTED[errorCode(error)];
    if (expected === undefined) throw error;
    throw new ToolError(expected[0], `"${path}" ${expected[1]}`, { cause: error });
  }
}
