import { ENGINE_VERSION } from '../../src/engine/pinned-version.ts';

/** Where Temporal publishes the SHA-256s of the archives of its command line. */
export const CHECKSUMS_URL = `https://github.com/temporalio/cli/releases/download/v${ENGINE_VERSION}/checksums.txt`;

/** Machines that the embedded engine is downloaded for, as Node names them, by what the archives call them. */
const MACHINES = {
  darwin_arm64: 'darwin-arm64',
  darwin_amd64: 'darwin-x64',
  linux_arm64: 'linux-arm64',
  linux_amd64: 'linux-x64',
} as const;

/**
 * SHA-256s by machine, of the text of a release's checksums.txt (a digest, two spaces and a name a line).
 * @throws an Error naming the archives that it does not have.
 */
export function digestsOf(checksums: string, version: string = ENGINE_VERSION): Record<string, string> {
  const byName = new Map(
    [...checksums.matchAll(/^([0-9a-f]{64}) [ *](\S+)$/gm)].map(([, digest = '', name = '']) => [
      name,
      digest,
    ]),
  );
  const wanted = Object.entries(MACHINES).map(([archive, machine]) => {
    const name = `temporal_cli_${version}_${archive}.tar.gz`;
    return { name, machine, digest: byName.get(name) };
  });
  const missing = wanted.filter(({ digest }) => digest === undefined).map(({ name }) => name);
  if (missing.length > 0) throw new Error(`The release's checksums do not have ${missing.join(', ')}.`);
  return Object.fromEntries(wanted.map(({ machine, digest = '' }) => [machine, digest]));
}
