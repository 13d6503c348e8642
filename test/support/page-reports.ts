import type { Frame } from 'playwright-core';
import type { FrameSnapshot } from '../../src/browser/page/frame-snapshot.ts';
import type { ProbedFrame } from '../../src/browser/page/probed-frame.ts';

/**
 * The frames of a report (`GET /auth/connections/{id}/reports/{reportId}`), as the rules of page reading take them: without a
 * browser. The first is the top one.
 */
export function snapshotsOf(json: string): ProbedFrame[] {
  const { frames } = JSON.parse(json) as {
    frames: { origin: string; path: string; snapshot: FrameSnapshot }[];
  };
  return frames.map(({ origin, path, snapshot }) => ({ frame: {} as Frame, origin, path, snapshot }));
}
