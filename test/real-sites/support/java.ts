import { runCommand } from '../../../src/engine/run-command.ts';
import { SiteError } from './site-error.ts';

const MAVEN_CENTRAL = 'https://repo1.maven.org/maven2';
const OLDEST_JAVA = 17;
const STEP_TIMEOUT_MS = 5 * 60_000;

/** Where an artifact is, by its path: at Maven Central, or below `LONGTURN_TEST_MAVEN_URL`. */
export function mavenUrl(path: string): string {
  return `${process.env['LONGTURN_TEST_MAVEN_URL'] ?? MAVEN_CENTRAL}/${path}`;
}

/**
 * JAVA_HOME's Java, else the one on the path.
 * @throws {SiteError} where it is missing or too old.
 */
export async function findJava(site: string): Promise<string> {
  const home = process.env['JAVA_HOME'];
  const java = home ? `${home}/bin/java` : 'java';
  const { stderr } = await runCommand(java, ['-version'], { timeoutMs: 20_000 });
  const version = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  if (version >= OLDEST_JAVA) return java;
  const found = version > 0 ? `${java} is Java ${version}` : `${java} is not a working Java`;
  const mend = 'Get one with: apt-get install openjdk-17-jre-headless (or set JAVA_HOME)';
  throw new SiteError(`${site} needs Java ${OLDEST_JAVA} or newer; ${found}. ${mend}`);
}

/** Unpacks a zip, jar or war. */
export async function unpack(archive: string, into: string): Promise<void> {
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
