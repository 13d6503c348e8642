import { availableParallelism } from 'node:os';

const transform = {
  '^.+\\.(t|j|mj)s$': [
    '@swc/jest',
    { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
  ],
};

const project = (displayName, extra = {}) => ({
  displayName,
  testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
  testEnvironment: 'node',
  transform,
  // Packages that are ESM only; whatever else is CommonJS is loaded as it is.
  transformIgnorePatterns: [
    '/node_modules/(?!(jose|cookie|content-disposition|ai|@ai-sdk|kysely|@vercel/oidc|@workflow/serde|eventsource-parser|zod|@noble/hashes)/)',
    '<rootDir>/dist/',
  ],
  clearMocks: true,
  setupFiles: ['<rootDir>/test/support/one-error-realm.ts'],
  ...extra,
});

const onEngine = {
  globalSetup: '<rootDir>/test/support/engine-setup.ts',
  globalTeardown: '<rootDir>/test/support/engine-teardown.ts',
};

/** Files that start a Chromium of their own, or processes of ours. */
const withBrowser = { globalSetup: '<rootDir>/test/support/chromium-setup.ts' };
const withSystems = { globalSetup: '<rootDir>/test/support/systems-setup.ts' };

/** Files of which `npm run test:full` collects more; `test/support/left-to-full.ts` says what stands for it in every run. */
const LEFT_TO_FULL = [
  'test/workflow/mixed-fleet.test.ts',
  'test/workflow/model-limits.test.ts',
  'test/e2e/auth-canary/secrets.test.ts',
  'test/e2e/auth-clients/expiry.test.ts',
  'test/e2e/auth-clients/pages.test.ts',
  'test/e2e/auth-clients/sso.test.ts',
  'test/e2e/auth-contract/codes.test.ts',
  'test/e2e/auth-contract/fields.test.ts',
  'test/e2e/auth-many/parked.test.ts',
  'test/e2e/auth-sdk/login.test.ts',
  'test/e2e/auth-sites/health.test.ts',
  'test/e2e/auth-sites/matrix.test.ts',
  'test/e2e/auth-sites/refusals.test.ts',
  'test/crash/auth-hot.test.ts',
  'test/crash/auth-parked.test.ts',
  'test/crash/everything.test.ts',
  'test/crash/npm-start.test.ts',
  'test/crash/restore.test.ts',
];

/** `npm run test:full`: what is too long for every run, and at full size what runs in smaller numbers elsewhere. */
const atFullSize = {
  ...onEngine,
  testMatch: ['<rootDir>/test/full/**/*.test.ts', ...LEFT_TO_FULL.map((file) => `<rootDir>/${file}`)],
  globals: { longturnTestFull: true },
};

/** No input may freeze a process: each one that these tests start is watched. */
const watched = { setupFilesAfterEnv: ['<rootDir>/test/support/watch-loops.ts'] };

export default {
  testTimeout: 120_000,
  // Files of logins, workflows and crashes wait for half of their time: three of them keep two cores busy.
  maxWorkers: Math.max(3, Math.min(8, Math.round(availableParallelism() * 1.5))),
  testSequencer: '<rootDir>/test/support/jest/longest-first.mjs',
  reporters: ['default', '<rootDir>/test/support/jest/slowest-files.ts'],
  // Logins of one file side by side: each waits half of its time, for pages to come to rest.
  maxConcurrency: 2,
  projects: [
    project('unit', withBrowser),
    project('adapters', withBrowser),
    project('fuzz'),
    project('replay'),
    project('api'),
    project('workflow', onEngine),
    project('e2e', { ...withSystems, ...watched }),
    project('crash', { ...withSystems, ...watched }),
    project('full', atFullSize),
    project('real-sites', withBrowser),
    project('cluster', withBrowser),
  ],
};
