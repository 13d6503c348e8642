import type { Frame } from 'playwright-core';
import type { Control, FrameSnapshot } from './frame-snapshot.ts';

/** One visible frame of a page with what the probe saw in it. */
export interface ProbedFrame {
  frame: Frame;
  /** Origin of the frame; that of its parent where it has none of its own (`about:srcdoc`). */
  origin: string;
  /** Path of the frame, without what looks like an id. */
  path: string;
  snapshot: FrameSnapshot;
}

const SIDE = new Set(['header', 'nav', 'footer', 'banner', 'navigation', 'contentinfo']);

/** Whether the control belongs to the content of the page, and not to what is around it. */
export function isContent(control: Control): boolean {
  return !SIDE.has(control.region);
}

/** Texts and headings of a frame as a person reads them. */
export function proseOf({ snapshot }: ProbedFrame): string[] {
  return [...new Set([...snapshot.headings, ...snapshot.texts.map(({ text }) => text)])];
}

const BRIEF_CHARACTERS = 1_000;
const BRIEF_CONTROLS = 25;

/** Whether the page says and offers so little that it can be about one thing only, as pages of a login are. */
export function isBrief(frames: readonly ProbedFrame[]): boolean {
  const characters = frames.flatMap(proseOf).join(' ').length;
  const controls = frames
    .flatMap(({ snapshot }) => snapshot.controls)
    .filter((control) => control.shown && isContent(control));
  return characters < BRIEF_CHARACTERS && controls.length <= BRIEF_CONTROLS;
}
