import type { Page } from 'playwright-core';
import { partsOfGroup } from './form/split-group.ts';
import type { Control, FrameSnapshot } from './frame-snapshot.ts';
import type { Target } from './page-reading.ts';
import { probeFrames } from './probe-frames.ts';
import type { ProbedFrame } from './probed-frame.ts';
import { submitButtonOf } from './submit-button.ts';
import { withinTime } from './within-time.ts';

const LOOK_TIMEOUT_MS = 4_000;

/** The form as it stands once it is filled, right before it is sent. */
export interface FilledForm {
  /** What submits it now: buttons come, or become other elements, while somebody types. */
  submit?: Target;
  /** Controls that were not filled and may not stay empty. */
  missing: Control[];
  /** Targets of what was typed that are empty all the same. */
  emptied: Target[];
}

/**
 * Looks at a form again before it is sent. `known`: what submits it as it was read; `filled`: the targets that hold
 * an answer. A form whose page cannot be read has
 * nothing missing: it is on its way to another page.
 */
export async function lookBeforeSubmit(
  page: Page,
  known: Target | undefined,
  filled: readonly Target[],
): Promise<FilledForm> {
  const frames = (await withinTime(LOOK_TIMEOUT_MS, () => probeFrames(page))) ?? [];
  const at = filled.at(-1)?.frame ?? known?.frame;
  const probed = frames.find(({ frame }) => frame === at);
  if (probed === undefined) return { missing: [], emptied: [], ...(known && { submit: known }) };
  const answered = filled.flatMap((target) => {
    const control = currentOf(probed, target);
    return control === undefined ? [] : [{ target, control }];
  });
  const controls = answered.map(({ control }) => control);
  const submit = submitNow(probed, known, controls);
  return {
    ...(submit && { submit: { frame: probed.frame, control: submit } }),
    missing: missingIn(probed.snapshot, controls, submit),
    emptied: answered.flatMap(({ target, control }) => (isEmptied(control) ? [target] : [])),
  };
}

/** The same control as it is now. */
function currentOf({ frame, snapshot }: ProbedFrame, target: Target): Control | undefined {
  if (target.frame !== frame) return undefined;
  const path = target.control.path.join(' ');
  return snapshot.controls.find((control) => control.path.join(' ') === path);
}

function submitNow(probed: ProbedFrame, known: Target | undefined, filled: Control[]): Control | undefined {
  const same = known && currentOf(probed, known);
  if (same?.shown) return same;
  return submitButtonOf(filled, probed.snapshot.controls);
}

/**
 * What must not be empty when the form is sent: what the site requires, and a password that a person sees, whether the site
 * marks it or not. An empty one is a failed attempt.
 */
function missingIn(
  snapshot: FrameSnapshot,
  filled: readonly Control[],
  submit: Control | undefined,
): Control[] {
  const anchors = submit === undefined ? filled : [...filled, submit];
  const groups = new Set(anchors.map(({ group }) => group));
  return [...groups].flatMap((group) => {
    const own = snapshot.controls.filter((control) => control.group === group);
    const parts = partsOfGroup(own).filter((part) => anchors.some((anchor) => part.includes(anchor)));
    return (parts.length > 0 ? parts : [own]).flatMap((part) =>
      part.filter((control) => !filled.includes(control) && mayNotStayEmpty(control, part)),
    );
  });
}

function mayNotStayEmpty(control: Control, part: readonly Control[]): boolean {
  const { kind, type, shown, disabled, empty, required, name } = control;
  if (!shown || disabled || !empty) return false;
  if (kind === 'input') return required || type === 'password';
  if (kind === 'select' || kind === 'checkbox') return required;
  if (kind !== 'radio' || !required) return false;
  return part.every((other) => other.kind !== 'radio' || other.name !== name || other.empty);
}

function isEmptied({ kind, empty }: Control): boolean {
  return kind === 'input' && empty;
}
