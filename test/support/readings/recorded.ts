import { readFileSync } from 'node:fs';
import type { Frame } from 'playwright-core';
import type { FrameSnapshot } from '../../../src/browser/page/frame-snapshot.ts';
import type { PageReading } from '../../../src/browser/page/page-reading.ts';
import type { ProbedFrame } from '../../../src/browser/page/probed-frame.ts';
import { readFrames } from '../../../src/browser/page/read-page.ts';
import { PASSWORD_PAGES } from './pages-login.ts';
import { OTHER_PAGES } from './pages-other.ts';
import type { WrittenPage } from './written-page.ts';

/** All pages that are written here, each of which has a recording in `recorded/`. */
export const WRITTEN_PAGES: readonly WrittenPage[] = [...PASSWORD_PAGES, ...OTHER_PAGES];

/** The whole document of a written page. */
export function documentOf(html: string): string {
  return `<!doctype html><html lang="en"><head><title>Fernhill</title></head><body>${html}</body></html>`;
}

/** Where the recording of a page is. */
export function recordingOf(name: string): URL {
  return new URL(`./recorded/${name}.json`, import.meta.url);
}

/** What Chromium told of a page when it was recorded. */
export function loadRecording(name: string): FrameSnapshot {
  return JSON.parse(readFileSync(recordingOf(name), 'utf8')) as FrameSnapshot;
}

/** Reads a snapshot without any browser. */
export function readSnapshot(snapshot: FrameSnapshot): PageReading {
  const probed: ProbedFrame = { frame: {} as Frame, origin: 'http://site', path: '/', snapshot };
  return readFrames([probed], 'http://site/');
}

/** Fields of a reading in short: `ref:type`, with `?` where it may be left out. */
export function asksOf({ fields }: PageReading): string[] {
  return fields.map(({ ref, type, required }) => `${ref}:${type}${required ? '' : '?'}`);
}
