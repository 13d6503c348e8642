import { readBranding } from '../api/auth/hosted/read-branding.ts';
import type { Config } from '../config.ts';
import { PROVIDER_NAMES } from '../models/create-model-directory.ts';
import { readModelLimits } from '../models/read-model-limits.ts';
import { readProviders } from '../secrets/read-providers.ts';

/** Reads the files that the configuration names, so that a wrong one is told before anything is started. */
export async function checkFiles(config: Config): Promise<void> {
  const { modelsFile, credentialProvidersFile: file, variable } = config;
  await readModelLimits(modelsFile, PROVIDER_NAMES);
  await readBranding(config.hosted.file);
  await readProviders({ file, variable, now: () => new Date() });
}
