import type { Frame, JSHandle, Page } from 'playwright-core';
import { pageFunction } from './element-of.ts';
import { activityOf } from './page-activity.ts';

/** Most frames that are watched; the others are seen when the page is read. */
const FRAMES_AT_MOST = 13;

/** Tells when a page may have changed, so that it need not be read again and again. */
export interface ChangeWatch extends Disposable {
  /**
   * Resolves at the next change of a document, the end of a request or a navigation; after `ms` at the latest, or when the
   * signal is aborted.
   */
  changed(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Begins to watch a page with a `MutationObserver` in each of its frames; what it misses shows at the next reading. */
export function watchChanges(page: Page): ChangeWatch {
  const observers = new Map<Frame, Promise<JSHandle>>();
  const waits = new Map<Frame, Promise<void>>();
  const activity = activityOf(page);

  function nextIn(frame: Frame): Promise<void> {
    const known = waits.get(frame);
    if (known !== undefined) return known;
    const observer = observers.get(frame) ?? frame.evaluateHandle(OBSERVER);
    observers.set(frame, observer);
    const wait = observer
      .then((handle) => handle.evaluate(NEXT))
      // The frame is gone or has navigated: that is a change, and another observer is needed.
      .catch(() => void observers.delete(frame))
      .finally(() => waits.delete(frame));
    waits.set(frame, wait);
    return wait;
  }

  return {
    async changed(ms, signal) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const stop = () => resolve();
      const stopListening = activity.onEvent(stop);
      signal?.addEventListener('abort', stop, { once: true });
      const timer = setTimeout(stop, ms);
      const frames = page.frames().slice(0, FRAMES_AT_MOST);
      await Promise.race([promise, ...frames.map(nextIn)]);
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      stopListening();
    },
    [Symbol.dispose]() {
      for (const observer of observers.values()) {
        // Fails where the frame is gone, and the observer with it.
        observer.then((handle) => handle.evaluate(STOP).then(() => handle.dispose())).catch(() => undefined);
      }
    },
  };
}

/**
 * Open shadow roots are observed too, for what stands in them tells nothing to an observer outside. A change since the
 * last question is told at once.
 */
const OBSERVER = `(() => {
  const what = { subtree: true, childList: true, attributes: true, characterData: true };
  let hasChanged = false;
  let tell = () => {};
  const observer = new MutationObserver(() => { hasChanged = true; tell(); });
  const observe = (root) => {
    observer.observe(root, what);
    for (const element of root.querySelectorAll('*')) if (element.shadowRoot) observe(element.shadowRoot);
  };
  observe(document);
  return {
    next: () => new Promise((resolve) => {
      observe(document);
      tell = () => { hasChanged = false; tell = () => {}; resolve(); };
      if (hasChanged) tell();
    }),
    stop: () => { observer.disconnect(); tell(); },
  };
})()`;
const NEXT = pageFunction<Promise<void>>('element.next()');
const STOP = pageFunction<void>('element.stop()');
