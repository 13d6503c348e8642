import { type MemoryEngine, startMemoryEngine } from './memory-engine.ts';

declare global {
  var longturnTestEngine: MemoryEngine | undefined;
}

/** One server for the whole run; its address is in LONGTURN_TEST_ENGINE, which every test process inherits. */
// biome-ignore lint/style/noDefaultExport: jest calls the default export of a global set-up.
export default async function setUpEngine(): Promise<void> {
  globalThis.longturnTestEngine = await startMemoryEngine();
  process.env['LONGTURN_TEST_ENGINE'] = globalThis.longturnTestEngine.address;
}
