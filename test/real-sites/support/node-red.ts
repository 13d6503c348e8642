import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../../../src/digest.ts';
import { runCommand } from '../../../src/engine/run-command.ts';
import { installOnce } from '../../support/install-once.ts';
import { freePort } from '../../support/processes.ts';
import { SiteError } from './site-error.ts';
import { makeSiteFolder, startSite } from './site-process.ts';
import { ADA, countOf, type SmallSite } from './small-site.ts';

const PACKAGE = join(import.meta.dirname, 'node-red');
const INSTALL_TIMEOUT_MS = 10 * 60_000;

/** Node-RED from npm: an application whose login is a dialog that its script makes on the page of everything else. */
export async function startNodeRed(): Promise<SmallSite> {
  const { folder: installed, version } = await install();
  const port = await freePort();
  const folder = makeSiteFolder('node-red');
  const settings = join(folder, 'settings.cjs');
  writeFileSync(settings, settingsOf(installed, folder, port));
  const origin = `http://localhost:${port}`;
  const site = await startSite({
    name: 'Node-RED',
    command: process.execPath,
    args: [join(installed, 'node_modules/node-red/red.js'), '--settings', settings],
    env: {},
    folder,
    readyUrl: `http://127.0.0.1:${port}/`,
  });
  return {
    name: `Node-RED ${version}`,
    origin,
    loginUrl: `${origin}/`,
    user: ADA,
    loginPosts: () => countOf(site.log(), 'POST /auth/token'),
    postsOfRefusal: 1,
    complaint: /login failed/i,
    [Symbol.asyncDispose]: () => site[Symbol.asyncDispose](),
  };
}

/** Exactly what the lock file names, each package checked against its SHA-512; no script of theirs runs. */
async function install(): Promise<{ folder: string; version: string }> {
  const lock = readFileSync(join(PACKAGE, 'package-lock.json'), 'utf8');
  const folder = await installOnce('real-sites', `node-red-${sha256Hex(lock).slice(0, 12)}`, async (part) => {
    for (const file of ['package.json', 'package-lock.json']) cpSync(join(PACKAGE, file), join(part, file));
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
    const { code, stderr } = await runCommand('npm', args, { timeoutMs: INSTALL_TIMEOUT_MS, cwd: part });
    if (code !== 0) throw new SiteError(`Node-RED could not be installed by npm:\n${stderr}`);
  });
  const about = readFileSync(join(folder, 'node_modules/node-red/package.json'), 'utf8');
  return { folder, version: (JSON.parse(about) as { version: string }).version };
}

function settingsOf(installed: string, folder: string, port: number): string {
  return `const { hashSync } = require(${JSON.stringify(join(installed, 'node_modules/bcryptjs'))});
module.exports = {
  uiHost: '127.0.0.1',
  uiPort: ${port},
  userDir: ${JSON.stringify(folder)},
  credentialSecret: 'for tests on this machine only',
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false },
  adminAuth: {
    type: 'credentials',
    users: [{ username: '${ADA.username}', password: hashSync('${ADA.password}', 8), permissions: '*' }],
  },
  httpAdminMiddleware: (request, _response, next) => {
    console.log(request.method + ' ' + request.url);
    next();
  },
};
`;
}
