import type { PageView } from '../../contract/index.ts';
import type { Flow } from '../flow/flow.ts';
import { readPage } from '../page/read-page.ts';
import { pause } from '../pause.ts';
import { viewPage } from './view-page.ts';

const LOOK_EVERY_MS = 700;

/** Looks at the page now and then until it asks for something else, or for nothing any more. */
export async function waitExternal(flow: Flow, fingerprint: string, signal: AbortSignal): Promise<PageView> {
  for (;;) {
    signal.throwIfAborted();
    const reading = await readPage(flow.pages.current());
    const isStill = reading.external !== undefined && reading.fingerprint === fingerprint;
    if (!isStill && !reading.blank) {
      const view = await viewPage(flow, { signal });
      if (view.kind !== 'external' || view.fingerprint !== fingerprint) return view;
    }
    await pause(LOOK_EVERY_MS, signal);
  }
}
