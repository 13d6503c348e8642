import type { Frame } from 'playwright-core';
import { pageFunction } from '../page/element-of.ts';
import { piecesToCover, type TextPiece } from './masked-parts.ts';

/** Marks what holds a text that is covered. */
const MARK = 'data-lt-covered';
/** CSS of what is marked. */
export const MARKED = `[${MARK}]`;

/** Most pieces of text in a frame, and characters in all of them; a larger page is not pictured. */
const PIECES_AT_MOST = 5_000;
const CHARACTERS_AT_MOST = 200_000;

// As text, so that no transpiler changes what runs in the page.
const COLLECT = `(() => {
  const texts = [], holders = [], blocks = new Map();
  const blockOf = (element) => {
    for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
      if (!getComputedStyle(at).display.startsWith('inline') || !at.parentElement) {
        if (!blocks.has(at)) blocks.set(at, blocks.size);
        return blocks.get(at);
      }
    }
    return -1;
  };
  const add = (text, holder) => {
    if (!holder || text.trim() === '' || /^(script|style|noscript|template)$/i.test(holder.tagName)) return;
    texts.push({ text, block: blockOf(holder) });
    holders.push(holder);
  };
  const walk = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) add(node.data, node.parentElement ?? root.host);
      else {
        if (node.tagName === 'INPUT' && /^(submit|button|reset)$/.test(node.type)) add(node.value, node);
        if (node.tagName === 'IMG') add(node.alt, node);
        if (node.shadowRoot) walk(node.shadowRoot);
      }
    }
  };
  walk(document);
  return { texts, holders };
})()`;
const TEXTS = pageFunction<TextPiece[]>('element.texts');
const UNMARK = pageFunction<void>(`element.holders.forEach((holder) => holder.removeAttribute('${MARK}'))`);

/** Marks what is to be covered in a frame, until it is disposed of. Throws where the frame says too much to be looked through. */
export async function markTexts(frame: Frame, found: readonly RegExp[]): Promise<AsyncDisposable> {
  const held = await frame.evaluateHandle(COLLECT);
  const pieces = await held.evaluate(TEXTS);
  const characters = pieces.reduce((sum, { text }) => sum + text.length, 0);
  if (pieces.length > PIECES_AT_MOST || characters > CHARACTERS_AT_MOST)
    throw new RangeError('too much text');
  const covered = piecesToCover(pieces, found);
  // The page learns which of its own elements, and no value.
  const mark = `${JSON.stringify(covered)}.forEach((index) => element.holders[index].setAttribute('${MARK}', ''))`;
  await held.evaluate(pageFunction<void>(mark));
  return {
    async [Symbol.asyncDispose]() {
      // Fails where the frame is gone: its marks are gone with it.
      await held.evaluate(UNMARK).catch(() => undefined);
      await held.dispose().catch(() => undefined);
    },
  };
}
