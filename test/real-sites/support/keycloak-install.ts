import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../../src/engine/run-command.ts';
import { installOnce } from '../../support/install-once.ts';
import { fetchFile } from './fetch-file.ts';
import { findJava, mavenUrl, unpack } from './java.ts';
import { SiteError } from './site-error.ts';

/** The version that is driven. */
export const KEYCLOAK_VERSION = '26.4.0';

const SHA256 = '1b6a11a2726ac8a8dc9c91d5fafe989a75ce4f1622d7f7b45c21d5bc16629c0a';
const STEP_TIMEOUT_MS = 5 * 60_000;

/** A Keycloak that was built for a database in memory, and the Java that runs it. */
export interface InstalledKeycloak {
  folder: string;
  java: string;
}

/**
 * Keycloak from Maven Central (or `LONGTURN_TEST_MAVEN_URL`), unpacked and built once.
 * @throws {SiteError} where Java is missing or too old, or the download fails.
 */
export async function installKeycloak(): Promise<InstalledKeycloak> {
  const java = await findJava('Keycloak');
  const folder = await installOnce('real-sites', `keycloak-${KEYCLOAK_VERSION}-in-memory`, async (part) => {
    const artifact = `keycloak-quarkus-dist-${KEYCLOAK_VERSION}.zip`;
    const archive = join(part, artifact);
    const url = mavenUrl(`org/keycloak/keycloak-quarkus-dist/${KEYCLOAK_VERSION}/${artifact}`);
    await fetchFile({ url, sha256: SHA256, file: archive });
    await unpack(archive, part);
    rmSync(archive);
    renameSync(join(part, `keycloak-${KEYCLOAK_VERSION}`), join(part, 'home'));
    await build(join(part, 'home'), java);
  });
  return { folder: join(folder, 'home'), java };
}

/** Chooses the database at build time, which halves every later start. */
async function build(home: string, java: string): Promise<void> {
  const script = join(home, 'bin', 'kc.sh');
  const { code, stdout, stderr } = await runCommand(
    'env',
    ['-i', `PATH=${process.env['PATH']}`, `JAVA=${java}`, 'sh', script, 'build', '--db=dev-mem'],
    { timeoutMs: STEP_TIMEOUT_MS },
  );
  if (code !== 0 || !existsSync(join(home, 'lib', 'quarkus', 'quarkus-application.dat')))
    throw new SiteError(`Keycloak could not be built (${script} build):\n${stdout}${stderr}`);
  rmSync(join(home, 'data'), { recursive: true, force: true });
}
