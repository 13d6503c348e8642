import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { EngineError, reasonOf } from './engine-error.ts';
import { MODULE_DIR } from './pinned-build.ts';

/** The one place of server settings, in the server's own format. */
export const DYNAMIC_CONFIG_FILE = join(MODULE_DIR, 'dynamic-config.yaml');

// Flags cannot carry constraints, nor more than one value a key.
const Settings = z.record(z.string(), z.tuple([z.strictObject({ value: z.json() })]));

/**
 * Flags for `temporal server start-dev`, one a setting of `file`.
 * @throws {EngineError} where the file cannot be read, or holds what flags cannot say.
 */
export function dynamicConfigFlags(file: string = DYNAMIC_CONFIG_FILE): string[] {
  try {
    const settings = Settings.parse(parse(readFileSync(file, 'utf8')));
    return Object.entries(settings).flatMap(([key, [{ value }]]) => [
      '--dynamic-config-value',
      `${key}=${JSON.stringify(value)}`,
    ]);
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : reasonOf(error);
    const message = `The engine's settings ${file} cannot be used (each must be "key: [{value: …}]", without constraints): ${reason}`;
    throw new EngineError('settings_wrong', message, { cause: error });
  }
}
