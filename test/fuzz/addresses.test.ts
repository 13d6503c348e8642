import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { readFurther } from '../../src/activities/turn/further-calls.ts';
import { type JsonObject, Policy } from '../../src/contract/index.ts';
import { judge } from '../../src/core/policy/policy.ts';
import { createHttpFetch } from '../../src/tools/http-fetch.ts';
import { type Tool, ToolError } from '../../src/tools/tool.ts';
import type { RunToolInput } from '../../src/workflows/turn/turn-activities.ts';
import { aCall, NOW } from '../support/builders.ts';
import { bounds } from '../support/fuzz.ts';
import { startHttpServer, type TestServer } from '../support/http-server.ts';
import { MAX_STALL_MS, watchLoop } from '../support/loop-delay.ts';
import { toolContext } from '../support/tool-context.ts';

/** A request as the server saw it: what was really fetched. */
interface Reached {
  /** As it is compared: without the root's dot, addresses in one spelling. */
  host: string;
  /** As it was sent, without the query. */
  path: string;
  query: string;
  method: string;
}

interface Hop {
  status: number;
  location: string;
}

let server: TestServer;
let tool: Tool;
let reached: Reached[] = [];
let hops: Hop[] = [];

beforeAll(async () => {
  server = await startHttpServer(answer);
  const { port } = server;
  tool = createHttpFetch({
    allow: [`127.0.0.1:${port}`, `[::ffff:7f00:1]:${port}`],
    // Every name is this server's.
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    totalMs: 5_000,
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

function answer({ headers, url = '', method = '' }: IncomingMessage, response: ServerResponse): void {
  const { hostname } = new URL(`http://${headers.host}`);
  const host = hostname.replace(/\.$/, '').replace('[::ffff:7f00:1]', '127.0.0.1');
  const [path = '', ...query] = url.split('?');
  reached.push({ host, path, query: query.join('?'), method });
  const hop = hops.shift();
  if (hop === undefined) response.end('ok');
  else response.writeHead(hop.status, { location: Buffer.from(hop.location).toString('latin1') }).end();
}

/** What is fetched where the turn's policy judges the call, and each redirect as the worker has it judged. */
async function fetched(policy: object, input: JsonObject, redirects: readonly Hop[]): Promise<Reached[]> {
  reached = [];
  hops = [...redirects];
  const { subjects = {}, gate } = tool;
  const parsed = Policy.parse(policy);
  const call = { ...aCall(tool.name, input), subjects };
  if (judge(call, parsed, gate, [], NOW, 500_000).gate !== 'allow') return [];
  const deps = {
    now: () => new Date(NOW),
    tools: { describe: () => ({ gate, subjects }) },
    store: {
      turns: { get: async () => ({ startedAt: NOW, digests: { definition: 'd', catalogue: 'c' } }) },
      snapshots: { get: async (digest: string) => (digest === 'd' ? { policy: parsed } : []) },
      grants: { inForce: async () => [] },
      approvals: { get: async () => undefined },
    },
  } as unknown as ActivityDeps;
  const run = { turnId: 't', sessionId: 's', callId: 'c', tool: tool.name } as RunToolInput;
  const context = { ...toolContext('/nowhere'), further: () => readFurther(deps, run, input) };
  await tool.run(input, context).catch((error: unknown) => {
    if (!(error instanceof ToolError)) throw error;
  });
  return reached;
}

const decoded = (path: string) => {
  const parts: string[] = [];
  for (const part of decodeURIComponent(path).replaceAll('\\', '/').split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
};
/** Rules that allow take no segment that is a dot or two, wherever it stands. */
const hasDots = (query: string) => /(^|\/)\.{1,2}(\/|$)/.test(query);
const isIn = (folder: string, path: string) => `${path}/`.startsWith(`/${folder}/`);

interface Stated {
  policy: object;
  permits(request: Reached): boolean;
  /** Requests that it permits in one reading, and in another not: those may be left out. */
  mayRefuse?(request: Reached): boolean;
}

/** Policies, and what each of them means for a request, said without its matcher. */
const POLICIES: Record<string, (port: number) => Stated> = {
  'hosts of one domain are allowed': (port) => ({
    policy: {
      default: 'deny',
      rules: [{ tool: 'http_fetch', gate: 'allow', args: { url: `http://*.example.com:${port}/**` } }],
    },
    permits: ({ host }) => host.endsWith('.example.com'),
    mayRefuse: ({ query }) => hasDots(query),
  }),
  'a host is denied': (port) => ({
    policy: {
      default: 'allow',
      rules: [{ tool: 'http_fetch', gate: 'deny', args: { url: `http://evil.test:${port}/**` } }],
    },
    permits: ({ host }) => host !== 'evil.test',
  }),
  'an address is denied, in whatever spelling': (port) => ({
    policy: {
      default: 'allow',
      rules: [{ tool: 'http_fetch', gate: 'deny', args: { url: `http://127.0.0.1:${port}/**` } }],
    },
    permits: ({ host }) => host !== '127.0.0.1',
  }),
  'a folder of a host is allowed': (port) => ({
    policy: {
      default: 'deny',
      rules: [
        { tool: 'http_fetch', gate: 'allow', args: { url: `http://www.example.com:${port}/public/**` } },
      ],
    },
    permits: ({ host, path }) =>
      host === 'www.example.com' && isIn('public', path) && isIn('public', decoded(path)),
    mayRefuse: ({ path, query }) => decoded(path) === '/public' || hasDots(query),
  }),
  'a folder is denied': () => ({
    policy: {
      default: 'allow',
      rules: [{ tool: 'http_fetch', gate: 'deny', args: { url: 'http://*:*/admin/**' } }],
    },
    permits: ({ path }) => !isIn('admin', path) && !isIn('admin', decoded(path)),
    // Rules that deny read also the text as it was written: `/admin/..` is denied.
    mayRefuse: () => true,
  }),
  'reading is allowed': () => ({
    policy: { default: 'deny', rules: [{ tool: 'http_fetch', gate: 'allow', args: { method: 'GET' } }] },
    permits: ({ method }) => method === 'GET',
  }),
};

const PORT = '{port}';
const scheme = fc.constantFrom(
  ...['http://', 'http://', 'HTTP://', 'http:', 'http:\\\\', ' http://', 'ht\ttp:///', 'http:/'],
);
const host = fc.constantFrom(
  ...['www.example.com', 'WWW.example.com.', 'www。example.com', '%77ww.example.com', 'ｗww.example.com'],
  ...['a.b.example.com', 'example.com', 'www.example.com.evil.test', 'xn--mnchen-3ya.test', 'münchen.test'],
  ...['evil.test', 'EVIL.test.', 'ev\til.test', '%65vil.test', 'evil。test', 'evil.test', 'u:p@evil.test'],
  ...['127.0.0.1', '127.1', '2130706433', '0x7f.1', '0177.0.0.1', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
);
const port = fc.constantFrom(
  `:${PORT}`,
  `:${PORT}`,
  `:0${PORT}`,
  `:${PORT}?.example.com`,
  `:${PORT}\\.example.com`,
  '',
);
const segment = fc.constantFrom(
  ...[
    'public',
    'admin',
    'x',
    '..',
    '.',
    '%2e%2e',
    '',
    'public%2f..',
    '..%2fadmin',
    '%61dmin',
    'pub\tlic',
    'a:b@c',
  ],
);
const path = fc
  .tuple(fc.array(segment, { minLength: 1, maxLength: 4 }), fc.constantFrom('/', '/', '\\'))
  .map(([parts, divider]) => divider + parts.join(divider));
const tail = fc.constantFrom('', '', '', '?q=/.example.com/', '#/.example.com/', '?x=/admin/');
const absolute = fc.tuple(scheme, host, port, path, tail).map((parts) => parts.join(''));
const relative = fc.oneof(
  fc.tuple(path, tail).map((parts) => parts.join('')),
  fc.tuple(fc.constantFrom('//', '\\\\', '/\\'), host, port, path).map((parts) => parts.join('')),
  fc.constantFrom('../admin/x', 'admin', '?x', 'http:admin/x', ''),
);
const hop = fc.record({
  status: fc.constantFrom(301, 302, 303, 307, 308),
  location: fc.oneof(absolute, relative),
});
const redirects = fc.array(hop, { maxLength: 3 });
const method = fc.constantFrom('GET', 'GET', 'HEAD', 'POST', undefined);

describe('what is fetched', () => {
  it.each(Object.keys(POLICIES))(
    'is what the policy says, at each hop and in all spellings: %s',
    async (name) => {
      const stated = POLICIES[name]?.(server.port);
      if (stated === undefined) throw new Error(`no policy: ${name}`);
      const { policy, permits, mayRefuse = () => false } = stated;
      const here = (text: string) => text.replaceAll(PORT, String(server.port));
      let reachedSome = 0;
      using loop = watchLoop();
      const property = fc.asyncProperty(absolute, method, redirects, async (url, verb, planned) => {
        const input = { url: here(url), ...(verb !== undefined && { method: verb }) };
        const told = planned.map(({ status, location }) => ({ status, location: here(location) }));
        const open = await fetched({ default: 'allow', rules: [] }, input, told);
        const permitted = open.slice(
          0,
          firstIndex(open, (request) => !permits(request)),
        );
        const seen = await fetched(policy, input, told);
        const refused = permitted[seen.length];
        expect(seen).toEqual(refused && mayRefuse(refused) ? permitted.slice(0, seen.length) : permitted);
        if (seen.length > 0) reachedSome += 1;
      });
      const { numRuns = 1, ...options } = bounds(120);
      await fc.assert(property, { ...options, numRuns });
      // The addresses are such that something is fetched.
      if (numRuns >= 100) expect(reachedSome).toBeGreaterThan(0);
      expect(await loop.longestMs()).toBeLessThan(MAX_STALL_MS);
    },
  );
});

function firstIndex<T>(items: T[], fits: (item: T) => boolean): number {
  const index = items.findIndex(fits);
  return index < 0 ? items.length : index;
}
