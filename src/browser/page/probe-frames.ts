import type { Frame, Page } from 'playwright-core';
import { boundedSnapshot } from './bounded-snapshot.ts';
import { stablePath } from './fingerprint.ts';
import type { FrameSnapshot } from './frame-snapshot.ts';
import { loadProbeScript } from './probe-script.ts';
import type { ProbedFrame } from './probed-frame.ts';
import { withinTime } from './within-time.ts';

/** The scripts that run in pages; read from disk once. */
export const PROBE = loadProbeScript();
/** When a frame's document began to load: another one has another time. An expression. */
export const DOCUMENT = 'performance.timeOrigin';
const WITH_DOCUMENT = `[${PROBE.snapshot}, ${DOCUMENT}]`;

const CHILD_FRAMES_AT_MOST = 12;
const FRAME_TIMEOUT_MS = 2_000;
const SMALLEST_FRAME_PX = 30;
const PUZZLE_FRAME =
  /recaptcha|hcaptcha|challenges\.cloudflare|arkoselabs|funcaptcha|captcha-delivery|geetest/i;

/** Probes the top frame and the visible ones in it; a frame that does not answer in time is left out. */
export async function probeFrames(page: Page): Promise<ProbedFrame[]> {
  const children = page
    .frames()
    .filter((frame) => frame !== page.mainFrame() && !PUZZLE_FRAME.test(frame.url()));
  const frames = [page.mainFrame(), ...children.slice(0, CHILD_FRAMES_AT_MOST)];
  const probed = await Promise.all(frames.map(probeFrame));
  return probed.filter((frame) => frame !== undefined);
}

async function probeFrame(frame: Frame): Promise<ProbedFrame | undefined> {
  const snapshot = await withinTime(FRAME_TIMEOUT_MS, async () => {
    if (frame.parentFrame() !== null && !(await isShown(frame))) return undefined;
    const [told, document] = (await frame.evaluate(WITH_DOCUMENT)) as [FrameSnapshot, number];
    const bounded = boundedSnapshot(told);
    return { ...bounded, controls: bounded.controls.map((control) => ({ ...control, document })) };
  });
  if (snapshot === undefined) return undefined;
  const url = ownUrlOf(frame);
  return { frame, snapshot, origin: URL.canParse(url) ? new URL(url).origin : '', path: stablePath(url) };
}

async function isShown(frame: Frame): Promise<boolean> {
  const element = await frame.frameElement();
  const box = await element.boundingBox();
  const visible = await element.isVisible();
  await element.dispose();
  return visible && box !== null && box.width >= SMALLEST_FRAME_PX && box.height >= SMALLEST_FRAME_PX;
}

/** URL that tells whose content a frame shows: a frame without a document of its own is its parent's. */
export function ownUrlOf(frame: Frame): string {
  let at: Frame | null = frame;
  while (at !== null && /^(about:|data:|blob:|$)/.test(at.url())) at = at.parentFrame();
  return at?.url() ?? frame.url();
}
