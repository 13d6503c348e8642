import type { Control, FrameSnapshot } from './frame-snapshot.ts';

const CONTROLS_AT_MOST = 1_900;
const TEXTS_AT_MOST = 250;
const HEADINGS_AT_MOST = 100;
const OPTIONS_AT_MOST = 1_000;
const LAYERS_AT_MOST = 4;
const LAYER_CONTROLS_AT_MOST = 30;
/** Texts are cut shorter in the page; links and paths of elements may be long. */
const TEXT_CHARACTERS = 600;
const LINK_CHARACTERS = 2_000;

/**
 * What the probe told, within bounds whatever the page made of the probe: its script runs among the site's own, and all that
 * reads a page takes time in proportion to what there is to read.
 */
export function boundedSnapshot(told: FrameSnapshot): FrameSnapshot {
  const { controls, texts, headings, groups, captchas, layers = [], ...rest } = told;
  return {
    ...clipped(rest, LINK_CHARACTERS),
    controls: controls.slice(0, CONTROLS_AT_MOST).map(boundedControl),
    texts: texts.slice(0, TEXTS_AT_MOST).map((text) => clipped(text)),
    headings: headings.slice(0, HEADINGS_AT_MOST).map((heading) => heading.slice(0, TEXT_CHARACTERS)),
    groups: groups.slice(0, CONTROLS_AT_MOST).map((group) => clipped(group, LINK_CHARACTERS)),
    captchas: captchas.slice(0, CONTROLS_AT_MOST),
    layers: layers.slice(0, LAYERS_AT_MOST).map((layer) => ({
      ...clipped(layer, LINK_CHARACTERS),
      controls: layer.controls.slice(0, LAYER_CONTROLS_AT_MOST).map(boundedControl),
    })),
  };
}

function boundedControl({ href, xpath, path, options, heading, ...facts }: Control): Control {
  return {
    ...clipped(facts),
    heading: clipped(heading),
    href: href.slice(0, LINK_CHARACTERS),
    options: options.slice(0, OPTIONS_AT_MOST).map((option) => clipped(option)),
    path,
    xpath,
  };
}

/** The same facts with their texts cut. */
function clipped<T extends object>(facts: T, characters = TEXT_CHARACTERS): T {
  const cut = Object.entries(facts).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.slice(0, characters) : value,
  ]);
  return Object.fromEntries(cut) as T;
}
