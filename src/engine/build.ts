import { homedir } from 'node:os';
import { join } from 'node:path';
import { isExecutable } from './binary.ts';
import { MODULE_DIR, PROFILE_FILE } from './pinned-build.ts';
import { ENGINE_VERSION, isAtLeast, OLDEST_GO_VERSION } from './pinned-version.ts';
import { type Report, withProgress } from './progress.ts';
import { type CommandOptions, runCommand } from './run-command.ts';

const PACKAGE = 'github.com/temporalio/cli/cmd/temporal';

/** Flags of the linker that have the server tell the pinned version. */
export const VERSION_FLAGS = `-X github.com/temporalio/cli/internal/temporalcli.Version=${ENGINE_VERSION}`;

const BUILD_TIMEOUT_MS = 30 * 60_000;
// Time for a Go that is older to fetch the toolchain that go.mod asks for.
const GO_VERSION_TIMEOUT_MS = 120_000;
// A module build must not fall under a go.work of the folders above, nor need a C compiler.
const GO_ENVIRONMENT = ['GOWORK=off', 'CGO_ENABLED=0'];

/** Folders in which installers put Go, often without adding them to the path. */
export const USUAL_GO_PLACES: readonly string[] = [
  '/usr/local/go/bin',
  '/usr/lib/go/bin',
  '/opt/homebrew/bin',
  '/usr/local/bin',
  '/snap/bin',
  join(homedir(), 'go', 'bin'),
  join(homedir(), '.local', 'bin'),
];

export interface GoSearch {
  searchPath: readonly string[];
  goRoot?: string;
}

/** The first Go toolchain, on the path or in its usual places, that can build the pinned module. */
export async function findGo(
  search: GoSearch,
  report: Report,
  usualPlaces: readonly string[] = USUAL_GO_PLACES,
): Promise<string | undefined> {
  for (const go of goCandidates(search, usualPlaces).filter(isExecutable)) {
    // Asked inside the module, a Go with GOTOOLCHAIN=auto answers with the toolchain it would build with.
    const { code, stdout, stderr } = await runGo(go, ['version'], GO_VERSION_TIMEOUT_MS);
    const version = /\bgo(\d+\.\d+(?:\.\d+)?)/.exec(stdout)?.[1];
    if (code === 0 && version && isAtLeast(version, OLDEST_GO_VERSION)) return go;
    const found = version ? `is ${version}` : `says: ${stderr.trim().split('\n').at(-1) ?? 'nothing'}`;
    report(`${go} ${found}; building the Temporal server needs Go ${OLDEST_GO_VERSION} or newer.`);
  }
  return undefined;
}

/** What is built of a module that pins it. */
export interface GoBuild {
  /** Folder of the module: its `go.mod` and `go.sum`. */
  moduleDir: string;
  packages: readonly string[];
  /** Beyond `-s -w`: `-X name=value`. */
  linkerFlags?: string;
  /** A CPU profile by which the compiler decides; absent: none. */
  profile?: string;
  /** A file, or with several packages a folder. */
  output: string;
  /** What people who wait are told. */
  title: string;
}

/**
 * Builds the pinned server into `folder`, by the profile that is kept with it or without any (5 and 3 minutes on two
 * cores, at first); undefined, with the reason reported, where it fails.
 */
export async function buildBinary(
  go: string,
  folder: string,
  profileGuided: boolean,
  report: Report,
): Promise<string | undefined> {
  const output = join(folder, 'temporal');
  const isBuilt = await buildPackages(go, report, {
    moduleDir: MODULE_DIR,
    packages: [PACKAGE],
    linkerFlags: VERSION_FLAGS,
    ...(profileGuided && { profile: PROFILE_FILE }),
    output,
    title: `Building the Temporal server ${ENGINE_VERSION} with ${go} (once; about ${profileGuided ? 5 : 3} minutes on two cores)`,
  });
  return isBuilt ? output : undefined;
}

/** Builds packages of a pinned module; false, with the reason reported, where it fails. */
export async function buildPackages(go: string, report: Report, build: GoBuild): Promise<boolean> {
  const { moduleDir, packages, linkerFlags = '', profile = 'off', output, title } = build;
  const flags = `-ldflags=${`-s -w ${linkerFlags}`.trim()}`;
  const args = [
    'build',
    '-v',
    '-mod=readonly',
    '-trimpath',
    `-pgo=${profile}`,
    flags,
    // The linker leaves debugging information out: so the compiler need not make any, which is a tenth of its work.
    '-gcflags=all=-dwarf=false',
    '-o',
    output,
    ...packages,
  ];
  const counts = { modules: 0, packages: 0 };
  const count = (text: string) => {
    for (const line of text.split('\n').filter((each) => each !== '')) {
      if (line.startsWith('go: downloading')) counts.modules++;
      else counts.packages++;
    }
  };
  const detail = () => `, ${counts.modules} modules fetched, ${counts.packages} packages compiled`;
  const work = () => runGo(go, args, BUILD_TIMEOUT_MS, { cwd: moduleDir, onStderr: count });
  const { code, stderr } = await withProgress(title, report, work, detail);
  if (code === 0) return true;
  report(`The build failed:\n${stderr.trim().split('\n').slice(-8).join('\n')}`);
  return false;
}

function runGo(
  go: string,
  args: readonly string[],
  timeoutMs: number,
  options: Pick<CommandOptions, 'cwd' | 'onStderr'> = {},
) {
  return runCommand('env', [...GO_ENVIRONMENT, go, ...args], { cwd: MODULE_DIR, timeoutMs, ...options });
}

function goCandidates({ searchPath, goRoot }: GoSearch, usualPlaces: readonly string[]): string[] {
  const folders = [...searchPath, ...(goRoot ? [join(goRoot, 'bin')] : []), ...usualPlaces];
  return [...new Set(folders)].map((folder) => join(folder, 'go'));
}
