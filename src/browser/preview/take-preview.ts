import type { Page } from 'playwright-core';
import type { LoginContext } from '../context/login-context.ts';
import { withinTime } from '../page/within-time.ts';
import { MARKED, markTexts } from './mark-texts.ts';
import { BLANKED, COVERED_PARTS, coveredTexts } from './masked-parts.ts';

/** Largest picture, in bytes. */
export const PREVIEW_BYTES = 200_000;

const TAKE_TIMEOUT_MS = 6_000;
const MASK_COLOR = '#b8bec9';
/** Tried in this order until the picture is small enough. */
const QUALITIES = [70, 45, 20];
const FRAMES_AT_MOST = 12;

/** Of a login. */
type Pictured = Pick<LoginContext, 'pages' | 'acts' | 'lastReading' | 'scrubber'>;

/** The page that a picture is wanted of. */
export interface PreviewRequest {
  /** The page must still be this one. */
  fingerprint: string;
  /** What is known of the person without being typed; covered like what was typed. */
  known: readonly string[];
}

/**
 * A JPEG of what the window shows of the login's page, with every field covered, and every text that holds a value or may be
 * somebody's. Undefined where the page is another one by now, is being acted on, or no picture could be taken in time.
 */
export async function takePreview(
  login: Pictured,
  { fingerprint, known }: PreviewRequest,
): Promise<Buffer | undefined> {
  const page = login.pages.current();
  const acts = login.acts.begun;
  const isSame = () =>
    login.acts.begun === acts &&
    login.acts.begun === login.acts.ended &&
    login.pages.current() === page &&
    login.lastReading?.fingerprint === fingerprint &&
    login.lastReading.url === page.url();
  if (!isSame()) return undefined;
  const values = [...login.scrubber.values(), ...known];
  const picture = await withinTime(TAKE_TIMEOUT_MS, () => smallPicture(page, values));
  // What was typed meanwhile was not known to the mask.
  return isSame() ? picture : undefined;
}

/** Takes a picture that is small enough; undefined where the page is too colourful for that. Throws where it cannot be taken. */
export async function smallPicture(page: Page, values: readonly string[]): Promise<Buffer | undefined> {
  const frames = page.frames().slice(0, FRAMES_AT_MOST);
  const found = coveredTexts(values);
  await using marks = new AsyncDisposableStack();
  for (const marked of await Promise.all(frames.map((frame) => markTexts(frame, found)))) marks.use(marked);
  const parts = page.frames().length > FRAMES_AT_MOST ? `${COVERED_PARTS}, iframe` : COVERED_PARTS;
  for (const quality of QUALITIES) {
    const picture = await page.screenshot({
      type: 'jpeg',
      quality,
      scale: 'css',
      mask: frames.map((frame) => frame.locator(`${parts}, ${MARKED}`)),
      maskColor: MASK_COLOR,
      style: BLANKED,
      // The page goes on as it was: nothing of it is stopped or hurried for the picture.
      animations: 'allow',
      caret: 'initial',
      timeout: TAKE_TIMEOUT_MS,
    });
    if (picture.byteLength <= PREVIEW_BYTES) return picture;
  }
  return undefined;
}
