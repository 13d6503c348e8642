import { z } from 'zod';

/** Colours of the page, `#rrggbb`, by what they are for. */
export interface Palette {
  /** Around the card. */
  ground: string;
  card: string;
  /** Of text. */
  ink: string;
  /** Of text beside the matter. */
  soft: string;
  line: string;
  /** Within inputs and choices. */
  field: string;
  /** Of the button that goes on, and of what is in use. */
  accent: string;
}

export type Scheme = 'light' | 'dark';

const DEFAULTS: Readonly<Record<Scheme, Palette>> = {
  light: {
    ground: '#f2f4f7',
    card: '#ffffff',
    ink: '#17202c',
    soft: '#556172',
    line: '#c3cad4',
    field: '#ffffff',
    accent: '#1f5fd6',
  },
  dark: {
    ground: '#10151c',
    card: '#1a212b',
    ink: '#e8ecf2',
    soft: '#a3afbf',
    line: '#4a5666',
    field: '#121820',
    accent: '#84b0ff',
  },
};

const Color = z
  .string()
  .regex(/^#([0-9a-f]{3}|[0-9a-f]{6})$/i, 'must be a colour such as "#1f5fd6", in quotes')
  .transform((text) => {
    const digits = text.slice(1).toLowerCase();
    return `#${digits.length === 3 ? digits.replaceAll(/./g, '$&$&') : digits}`;
  });

/** Colours that mean something everywhere, so that nobody sets them. */
const FIXED = {
  light: {
    bad: '#b3261e',
    'bad-ground': '#fdeceb',
    good: '#1a7f47',
    'note-ground': '#fff6dd',
    'note-line': '#d8a200',
  },
  dark: {
    bad: '#ff9d94',
    'bad-ground': '#3a1f1f',
    good: '#6fd39b',
    'note-ground': '#362d12',
    'note-line': '#c79a1b',
  },
} as const;

/** Text that people have to read: WCAG 2.2, 1.4.3. */
const READABLE = 4.5;
const READ_ON = [
  ['ink', 'card'],
  ['ink', 'field'],
  ['ink', 'bad-ground'],
  ['ink', 'note-ground'],
  ['soft', 'card'],
  ['soft', 'field'],
  ['bad', 'card'],
] as const;

const schemeOf = (scheme: Scheme) =>
  z
    .strictObject({
      ground: Color.optional(),
      card: Color.optional(),
      ink: Color.optional(),
      soft: Color.optional(),
      line: Color.optional(),
      field: Color.optional(),
      accent: Color.optional(),
    })
    .default({})
    .transform((given): Palette => {
      const named = Object.entries(given).filter(([, color]) => color !== undefined);
      return { ...DEFAULTS[scheme], ...Object.fromEntries(named) };
    })
    .superRefine((palette, context) => {
      const colors = { ...palette, ...FIXED[scheme] };
      for (const [text, behind] of READ_ON) {
        const contrast = contrastOf(colors[text], colors[behind]);
        if (contrast >= READABLE) continue;
        const message = `${colors[text]} cannot be read on ${behind} ${colors[behind]}: their contrast is ${contrast.toFixed(1)}, and must be ${READABLE} at least`;
        context.addIssue({ code: 'custom', path: [text], message });
      }
    });

/** The colours of both schemes; what is not given is as it is without. */
export const Colors = z.strictObject({ light: schemeOf('light'), dark: schemeOf('dark') });
export type Colors = z.output<typeof Colors>;

/** A page whose operator sets nothing. */
export const DEFAULT_COLORS: Colors = DEFAULTS;

/** The style sheet that gives the page its colours. */
export function themeCss({ light, dark }: Colors): string {
  const inDark = `@media (prefers-color-scheme: dark) {\n:root {\n${variables('dark', dark)}}\n}\n`;
  return `:root {\n${variables('light', light)}}\n\n${inDark}`;
}

function variables(scheme: Scheme, palette: Palette): string {
  const { accent, card, ink } = palette;
  const derived = {
    // One of them can always be read: on no colour both have less than 4.58.
    'accent-ink': contrastOf('#ffffff', accent) >= READABLE ? '#ffffff' : '#000000',
    // A light accent makes a good button and a bad text.
    link: contrastOf(accent, card) >= READABLE ? accent : ink,
  };
  return Object.entries({ ...palette, ...derived, ...FIXED[scheme] })
    .map(([name, color]) => `  --${name}: ${color};\n`)
    .join('');
}

/** Contrast of two colours, from 1 to 21 (WCAG 2.2). */
export function contrastOf(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
