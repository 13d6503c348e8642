import { stat } from 'node:fs/promises';

/** Why a file with secrets may not be used: others may read it; undefined when only its owner may. */
export async function ownerOnlyProblem(file: string): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  const mode = (await stat(file)).mode & 0o777;
  if ((mode & 0o077) === 0) return undefined;
  return `may be read by others (mode ${mode.toString(8)}). Mend it with: chmod 600 ${file}`;
}
