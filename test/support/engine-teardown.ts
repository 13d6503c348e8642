import './engine-setup.ts';

/** Ends the server of {@link setUpEngine}. */
// biome-ignore lint/style/noDefaultExport: jest calls the default export of a global tear-down.
export default async function tearDownEngine(): Promise<void> {
  await globalThis.longturnTestEngine?.stop();
}
