import { type AskedCharacter, characterEntries } from '../character-entries.ts';
import { joinBoxes } from '../code-boxes.ts';
import { isFillable, type SeenKind, seenKindOf } from '../field-kind.ts';
import type { Control, ControlGroup, FrameSnapshot } from '../frame-snapshot.ts';
import { type PartialPassword, partialPasswordOf } from '../partial-password.ts';
import { submitButtonOf } from '../submit-button.ts';
import { partsOfGroup } from './split-group.ts';

/** One question of a part, as its own words tell it. */
export interface SeenEntry {
  kind: SeenKind;
  controls: Control[];
  /** Of one character of a password. */
  character?: AskedCharacter;
}

/** Fields that are filled and sent together: a `<form>`, or one of several that share one. */
export interface FormPart {
  snapshot: FrameSnapshot;
  facts: ControlGroup;
  group: number;
  /** Everything of the part, in the order of the page. */
  controls: Control[];
  entries: SeenEntry[];
  submit: Control | undefined;
  /** The heading that the part stands under; `own`: one within its form. */
  heading: { text: string; own: boolean };
}

/** The parts of a frame that have anything to fill. */
export function formPartsOf(snapshot: FrameSnapshot): FormPart[] {
  return snapshot.groups.flatMap((facts, group) => {
    const outside = snapshot.controls.filter((control) => control.group !== group);
    const own = snapshot.controls.filter((control) => control.group === group);
    const partial = partialPasswordOf(snapshot, group);
    return partsOf(own, partial).flatMap((controls): FormPart[] => {
      const entries = entriesOf(controls, partial);
      const fields = entries.flatMap((entry) => entry.controls);
      const [first] = fields;
      if (first === undefined) return [];
      const submit = submitButtonOf(fields, [...controls, ...outside]);
      return [{ snapshot, facts, group, controls, entries, submit, heading: headingOf(first, facts) }];
    });
  });
}

/** Lists of which single letters are chosen are no inputs, so that no part may have them; then all is one part. */
function partsOf(own: Control[], partial: PartialPassword | undefined): Control[][] {
  const parts = partsOfGroup(own);
  return partial === undefined || parts.some((part) => holds(part, partial)) ? parts : [own];
}

function holds(part: readonly Control[], { controls }: PartialPassword): boolean {
  return controls.every((control) => part.includes(control));
}

/** The questions of a part; the characters of a password, where some of them are asked, come last. */
function entriesOf(controls: readonly Control[], partial: PartialPassword | undefined): SeenEntry[] {
  const isWhole = (control: Control) => !partial?.controls.includes(control);
  const written = joinBoxes(controls.filter((control) => isFillable(control) && isWhole(control))).map(
    entryOf,
  );
  const characters = partial && holds(controls, partial) ? characterEntries(partial) : [];
  return [...written, ...characters].filter(({ kind }) => kind !== 'none');
}

function entryOf(controls: Control[]): SeenEntry {
  const [first] = controls;
  return { controls, kind: controls.length > 1 || first === undefined ? 'code' : seenKindOf(first) };
}

/** A form may have its heading behind its fields, or in the panel around it. */
function headingOf({ heading }: Control, facts: ControlGroup): FormPart['heading'] {
  if (heading.own || heading.text !== '') return heading;
  return { text: facts.heading, own: false };
}

/** Whether an entry of one of the kinds is in the part. */
export function has({ entries }: Pick<FormPart, 'entries'>, ...kinds: SeenKind[]): boolean {
  return entries.some(({ kind }) => kinds.includes(kind));
}
