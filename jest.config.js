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

const withBrowser = { globalSetup: '<rootDir>/test/support/chromium-setup.ts' };

/** `npm run test:full`: what is too long for every run, and at full size what runs in smaller numbers elsewhere. */
const atFullSize = {
  ...onEngine,
  testMatch: [
    '<rootDir>/test/full/**/*.test.ts',
    '<rootDir>/test/workflow/mixed-fleet.test.ts',
    '<rootDir>/test/workflow/model-limits.test.ts',
    '<rootDir>/test/e2e/auth-many/parked.test.ts',
    '<rootDir>/test/e2e/auth-sites/matrix.test.ts',
  ],
  globals: { longturnTestFull: true },
};

/** No input may freeze a process: each one that these tests start is watched. */
const watched = { setupFilesAfterEnv: ['<rootDir>/test/support/watch-loops.ts'] };

export default {
  testTimeout: 120_000,
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/support/jest/longest-first.mjs',
  reporters: ['default', '<rootDir>/test/support/jest/slowest-files.ts'],
  // A login waits two thirds of its time, for pages to come to rest: this many side by side use about one core.
  maxConcurrency: 3,
  projects: [
    project('unit', withBrowser),
    project('adapters', withBrowser),
    project('fuzz'),
    project('replay'),
    project('api'),
    project('workflow', onEngine),
    project('e2e', { ...withBrowser, ...watched }),
    project('crash', { ...withBrowser, ...watched }),
    project('full', atFullSize),
    project('real-sites', withBrowser),
    project('cluster', withBrowser),
  ],
};
