/**
 * The rooms of the house and what each may import of the others (docs/architecture.md). A room may always import itself. The
 * test checks that this table has no cycle: so no arrow can lead back.
 */
export const MAY_IMPORT = {
  basics: [],
  contract: [],
  core: ['contract', 'basics'],
  client: ['contract'],
  feed: [],
  /** The ports of notes; the adapter of the built-in store is the store's, one of a store elsewhere is here. */
  notes: ['contract', 'basics', 'outbound'],
  /** What the store promises, a noun a file. */
  ports: ['contract', 'core', 'basics'],
  store: ['contract', 'core', 'basics', 'ports', 'notes'],
  outbound: ['contract', 'basics'],
  webhooks: ['contract', 'core', 'basics', 'ports', 'store', 'outbound'],
  tools: ['contract', 'core', 'basics', 'ports', 'store', 'notes', 'outbound'],
  browser: ['contract', 'core', 'basics', 'outbound'],
  secrets: ['contract', 'basics', 'ports', 'store', 'tools', 'browser'],
  models: ['contract', 'core', 'basics', 'ports', 'store', 'tools', 'secrets'],
  agents: ['contract', 'core', 'basics', 'ports', 'store', 'tools'],
  config: ['basics', 'secrets'],
  logger: ['config'],
  engine: ['basics', 'config', 'logger'],
  workflows: ['contract', 'core', 'basics'],
  temporal: [...['contract', 'core', 'basics', 'ports', 'feed', 'secrets'], ...['config', 'workflows']],
  activities: [
    ...['contract', 'core', 'basics', 'ports', 'store', 'feed', 'secrets', 'outbound', 'webhooks', 'notes'],
    ...['tools', 'models', 'agents', 'browser', 'workflows', 'temporal'],
  ],
  upkeep: [
    ...['contract', 'core', 'basics', 'ports', 'store', 'feed', 'webhooks', 'notes', 'browser'],
    ...['workflows', 'temporal', 'activities'],
  ],
  api: [
    ...['contract', 'core', 'basics', 'ports', 'store', 'feed', 'secrets', 'outbound', 'webhooks', 'notes'],
    ...['tools', 'agents', 'temporal'],
  ],
  process: [
    ...['contract', 'core', 'basics', 'ports', 'store', 'feed', 'secrets', 'outbound', 'webhooks', 'notes'],
    ...['tools', 'models', 'agents', 'browser', 'config', 'logger', 'engine', 'workflows', 'temporal'],
    ...['activities', 'upkeep', 'api'],
  ],
  /** What is started: names a process and nothing else. */
  entry: ['process'],
} as const satisfies Record<string, readonly string[]>;

export type Room = keyof typeof MAY_IMPORT;

const ENTRIES = ['src/main.ts', 'worker.ts', 'api.ts'];
/** Small files that every room may use. */
const BASICS = ['src/digest.ts', 'src/nearest-name.ts', 'src/shuffled.ts'];
const CONFIG = ['src/config.ts', 'src/config-schema.ts', 'src/config-types.ts', 'src/config-values.ts'];

/** The room of a file; undefined where the table has none. Scripts and benches are in no room: they may import everything. */
export function roomOf(file: string): Room | undefined {
  if (ENTRIES.includes(file)) return 'entry';
  if (BASICS.includes(file)) return 'basics';
  if (CONFIG.includes(file)) return 'config';
  if (file === 'src/logger.ts') return 'logger';
  if (file.startsWith('src/store/ports/')) return 'ports';
  const [src, room, ...rest] = file.split('/');
  return src === 'src' && room !== undefined && rest.length > 0 && room in MAY_IMPORT
    ? (room as Room)
    : undefined;
}

/** Whether a file is one that may import every room. */
export function isTooling(file: string): boolean {
  return /^(?:scripts|bench|test)\//.test(file);
}

/**
 * What can be taken out of the house, or added to it, beside the kernel (turns): the kernel and the platform import none of
 * them, and they meet through ports, webhooks and notes only.
 */
export const CAPABILITIES = ['auth', 'delegation', 'audit', 'runs'] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** Files of a capability that lie outside a folder of its name. */
const ELSEWHERE: Readonly<Record<string, Capability>> = {
  'src/store/auth-store.ts': 'auth',
  'src/tools/browser-profile.ts': 'auth',
  'src/tools/profile/': 'auth',
};

/** The capability of a file of `src`; undefined for the kernel, the platform and composition. */
export function capabilityOf(file: string): Capability | undefined {
  const elsewhere = Object.keys(ELSEWHERE).find((path) => file.startsWith(path));
  if (elsewhere) return ELSEWHERE[elsewhere];
  const [src, , folder] = file.split('/');
  return src === 'src' ? CAPABILITIES.find((name) => name === folder) : undefined;
}

/** Lists of everything of one kind, which one thing takes as a whole: the contract, the bundle, the database. */
export const LISTS = [
  'src/contract/index.ts',
  'src/contract/webhook-events.ts',
  'src/workflows/index.ts',
  'src/store/store.ts',
  'src/store/schema.ts',
  'src/store/database-store.ts',
];

/** The packages of which rooms with few of them may import more than types. */
export const PACKAGES: Partial<Record<Room, readonly string[]>> = {
  contract: ['zod'],
  core: ['picomatch/posix.js', '@noble/hashes/utils.js'],
  workflows: ['@temporalio/workflow', '@temporalio/common', '@temporalio/common/lib/encoding.js'],
  client: ['eventsource-parser'],
};

/** Rooms of small parts, which whoever makes them also ends: they may be made everywhere. */
export const SMALL_PARTS: readonly Room[] = ['core', 'logger', 'outbound'];

/** Packages that are spoken to in some rooms only. */
export const ONLY_IN: readonly { packages: RegExp; rooms: readonly Room[] }[] = [
  {
    packages: /^@temporalio\/(?:client|worker|proto|envconfig)/,
    rooms: ['temporal', 'engine', 'upkeep', 'process'],
  },
  { packages: /^@temporalio\/activity/, rooms: ['activities'] },
  { packages: /^playwright-core/, rooms: ['browser'] },
  { packages: /^(?:fastify|@fastify\/)/, rooms: ['api', 'process'] },
  { packages: /^kysely|^pg$|^node:sqlite$/, rooms: ['store', 'feed', 'engine'] },
];
