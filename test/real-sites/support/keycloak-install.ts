import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../../src/engine/run-command.ts';
import { installOnce } from '../../support/install-once.ts';
import { fetchFile } from './fetch-file.ts';

import { SiteError } from './site-error.ts';

/** The version that is driven. */
export const KEYCLOAK_VERSION = '26.4.0';

const SHA256 = '1b6a11a2726ac8a8dc9c91d5fafe989a75ce4f1622d7f7b45c21d5bc16629c0a';
const MAVEN_CENTRAL = 'https://repo1.maven.org/maven2';
const OLDEST_JAVA = 17;
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
  const java = await findJava();
  const folder = await installOnce('real-sites', `keycloak-${KEYCLOAK_VERSION}-in-memory`, async (part) => {
    const artifact = `keycloak-quarkus-dist-${KEYCLOAK_VERSION}.zip`;
    const archive = join(part, artifact);
    const base = process.env['LONGTURN_TEST_MAVEN_URL'] ?? MAVEN_CENTRAL;
    const url = `${base}/org/keycloak/keycloak-quarkus-dist/${KEYCLOAK_VERSION}/${artifact}`;
    await fetchFile({ url, sha256: SHA256, file: archive });
    await unpack(archive, part);
    rmSync(archive);
    renameSync(join(part, `keycloak-${KEYCLOAK_VERSION}`), join(part, 'home'));
    await build(join(part, 'home'), java);
  });
  return { folder: join(folder, 'home'), java };
}

/** JAVA_HOME's Java, else the one on the path. */
async function findJava(): Promise<string> {
  const home = process.env['JAVA_HOME'];
  const java = home ? join(home, 'bin', 'java') : 'java';
  const { stderr } = await runCommand(java, ['-version'], { timeoutMs: 20_000 });
  const version = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  if (version >= OLDEST_JAVA) return java;
  const found = version > 0 ? `${java} is Java ${version}` : `${java} is not a working Java`;
  const mend = `Get one with: apt-get install openjdk-17-jre-headless (or set JAVA_HOME)`;
  throw new SiteError(`Keycloak needs Java ${OLDEST_JAVA} or newer; ${found}. ${mend}`);
}

async function unpack(archive: string, into: string): Promise<void> {
  const ways: [string, string[]][] = [
    ['unzip', ['-q', archive, '-d', into]],
    ['python3', ['-m', 'zipfile', '-e', archive, into]],
  ];
  const reasons: string[] = [];
  for (const [command, args] of ways) {
    const { code, stderr } = await runCommand(command, args, { timeoutMs: STEP_TIMEOUT_MS });
    if (code === 0) return;
    reasons.push(`${command}: ${stderr.trim()}`);
  }
  throw new SiteError(
    `${archive} could not be unpacked. Get unzip with: apt-get install unzip\n${reasons.join('\n')}`,
  );
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
