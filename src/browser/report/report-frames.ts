import type { ReportedFrame } from '../../contract/index.ts';
import type { Control, FrameSnapshot } from '../page/frame-snapshot.ts';
import type { ProbedFrame } from '../page/probed-frame.ts';
import { createScrubber, type Scrubber } from '../scrubber.ts';
import { impersonalUrl, namesIn, withoutTokens } from './personal-words.ts';
import { scrubSnapshot } from './scrub-snapshot.ts';

/** Largest report, in characters of its JSON. */
export const REPORT_CHARACTERS = 200_000;

/**
 * The frames of a page as they may be kept: scrubbed of everything typed in the flow, of `known` (stored values, names), and of
 * what may be somebody's; within bounds.
 */
export function reportFrames(
  frames: readonly ProbedFrame[],
  typed: Scrubber,
  known: readonly string[],
): ReportedFrame[] {
  const own = createScrubber();
  for (const value of known) own.add(value);
  for (const name of [...typed.values(), ...known].flatMap(namesIn)) own.add(name);
  const scrub = (text: string) => own.scrub(typed.scrub(text));
  // Cut before it is scrubbed, which takes time in proportion to what there is; scrubbing adds little.
  return bounded(frames).map(({ origin, path, snapshot }) => ({
    origin: scrub(impersonalUrl(origin)).replace(/\/$/, ''),
    path: scrub(withoutTokens(path)),
    snapshot: { ...scrubSnapshot(snapshot, { scrub }) },
  }));
}

const isAsking = ({ kind, shown }: Control) => shown && kind !== 'link';

/** How a page that is too large is cut, from what tells least of a login on. */
const CUTS: readonly ((snapshot: FrameSnapshot) => FrameSnapshot)[] = [
  (snapshot) => snapshot,
  (snapshot) => ({ ...snapshot, controls: snapshot.controls.filter(({ shown }) => shown) }),
  (snapshot) => ({
    ...snapshot,
    texts: snapshot.texts.slice(0, 60),
    headings: snapshot.headings.slice(0, 30),
  }),
  (snapshot) => ({
    ...snapshot,
    controls: snapshot.controls.filter(isAsking).slice(0, 80),
    groups: snapshot.groups.map((group) => ({ ...group, text: group.text.slice(0, 200) })),
  }),
];

function bounded(frames: readonly ProbedFrame[]): ProbedFrame[] {
  let kept = [...frames];
  const size = () => kept.reduce((sum, { snapshot }) => sum + JSON.stringify(snapshot).length, 0);
  for (const cut of CUTS) {
    kept = kept.map((frame) => ({ ...frame, snapshot: cut(frame.snapshot) }));
    if (size() <= REPORT_CHARACTERS) return kept;
  }
  while (kept.length > 1 && size() > REPORT_CHARACTERS) kept.pop();
  return size() <= REPORT_CHARACTERS ? kept : [];
}
