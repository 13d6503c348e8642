import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { EngineError, reasonOf } from './engine-error.ts';
import { ENGINE_VERSION } from './pinned-version.ts';

/** The module that pins the server: `go.mod` and `go.sum`; beside them what is known of it. */
export const MODULE_DIR = fileURLToPath(new URL('../../engine', import.meta.url));

/** What the server does under load, by which Go builds it faster (`npm run engine:profile`). */
export const PROFILE_FILE = join(MODULE_DIR, 'temporal.pgo');

/** SHA-256 of the archives that the official release consists of, by `<platform>-<arch>` as Node names them. */
export const DOWNLOADS_FILE = join(MODULE_DIR, 'downloads.json');

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Downloads = z.strictObject({ version: z.string(), sha256: z.record(z.string(), Sha256) });

/** What engine/downloads.json says of one version of the server. */
export type Downloads = z.output<typeof Downloads>;

/**
 * The SHA-256 that the official archive of the pinned version for this kind of machine must have; undefined where none is
 * pinned.
 * @throws {EngineError} where the file of pins cannot be used.
 */
export function pinnedArchiveDigest(file: string = DOWNLOADS_FILE): string | undefined {
  try {
    const { version, sha256 } = Downloads.parse(JSON.parse(readFileSync(file, 'utf8')));
    return version === ENGINE_VERSION ? sha256[`${process.platform}-${process.arch}`] : undefined;
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : reasonOf(error);
    throw new EngineError('settings_wrong', `The pins ${file} cannot be used: ${reason}`, { cause: error });
  }
}

/** Twelve characters that differ where what is built differs: the module, its dependencies, the profile. */
export function buildIdentity(profileGuided: boolean): string {
  const hash = createHash('sha256');
  for (const name of ['go.mod', 'go.sum']) hash.update(readFileSync(join(MODULE_DIR, name)));
  if (profileGuided) hash.update(readFileSync(PROFILE_FILE));
  return hash.digest('hex').slice(0, 12);
}
