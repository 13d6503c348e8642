import type { Control } from './frame-snapshot.ts';

const FEWEST = 4;
const MOST = 8;
const DIGIT_LABEL =
  /(digit|character|ziffer|stelle|zeichen|chiffre|caract[èe]re|d[íi]gito|cifra|code|box|pin)\D{0,8}\d/iu;

/** Joins neighbouring one-character inputs to one entry; every other input is an entry of its own. */
export function joinBoxes(controls: readonly Control[]): Control[][] {
  const entries: Control[][] = [];
  let run: Control[] = [];
  const endRun = () => {
    if (run.length >= FEWEST && run.length <= MOST) entries.push(run);
    else entries.push(...run.map((control) => [control]));
    run = [];
  };
  for (const control of controls) {
    if (isBox(control)) {
      run.push(control);
    } else {
      endRun();
      entries.push([control]);
    }
  }
  endRun();
  return entries;
}

function isBox(control: Control): boolean {
  if (control.maxLength === 1) return true;
  return control.maxLength === 0 && control.inputMode === 'numeric' && DIGIT_LABEL.test(control.label);
}
