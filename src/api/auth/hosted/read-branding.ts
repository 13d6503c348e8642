import { open } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { listed, readYaml } from '../../../secrets/read-yaml.ts';
import { decodeDataUrl, type Logo, MAX_LOGO_BYTES, toLogo } from './logo.ts';
import { Colors, DEFAULT_COLORS } from './palette.ts';

/** How the hosted page looks. */
export interface Branding {
  /** Of whoever sends people to the page. */
  name?: string;
  /** Dark: in the dark scheme, else the light one is shown there, too. */
  logo?: { light: Logo; dark?: Logo };
  colors: Colors;
}

/** A page that shows nobody's name. */
export const NO_BRANDING: Branding = { colors: DEFAULT_COLORS };

const Place = z.string().min(1);
const File = z.strictObject({
  name: z.string().trim().min(1).max(60).optional(),
  logo: z
    .union([Place, z.strictObject({ light: Place, dark: Place.optional() })], {
      error: 'must be a file, or a file each as light and dark',
    })
    .optional(),
  colors: Colors.prefault({}),
});

/** Largest file of settings, in bytes: its logos may be in it. */
const MAX_FILE_BYTES = 1_048_576;

/** The file of LONGTURN_HOSTED_PAGE cannot be used; the message says why. */
export class HostedPageFileError extends Error {
  override name = 'HostedPageFileError';
}

/** What an operator's file says of the hosted page. Throws {@link HostedPageFileError}. */
export async function readBranding(file: string | undefined): Promise<Branding> {
  if (file === undefined) return NO_BRANDING;
  const text = await readBounded(file, MAX_FILE_BYTES).catch((error: Error) => {
    throw wrong(file, `cannot be read (${error.message})`);
  });
  const { value, problems } = readYaml(text.toString('utf8'), File);
  if (value === undefined) throw wrong(file, `is wrong: ${listed(problems)}`);
  const { name, logo, colors } = value;
  const places = typeof logo === 'string' ? { light: logo } : logo;
  const light = places && (await logoAt(places.light, file, 'logo'));
  const dark = places?.dark && (await logoAt(places.dark, file, 'logo.dark'));
  return {
    colors,
    ...(name !== undefined && { name }),
    ...(light && { logo: { light, ...(dark && { dark }) } }),
  };
}

/** A logo: in the file itself as a `data:` URL, or a file beside it. */
async function logoAt(place: string, file: string, key: string): Promise<Logo> {
  const isData = place.startsWith('data:');
  const content = isData
    ? decodeDataUrl(place)
    : await readBounded(path.resolve(path.dirname(file), place), MAX_LOGO_BYTES).catch((error: Error) => {
        throw wrong(file, `names a ${key} that cannot be read (${error.message})`);
      });
  if (content === undefined) throw wrong(file, `has a ${key} that is no data: URL in base64`);
  const logo = toLogo(content);
  if (typeof logo === 'string') throw wrong(file, `names a ${key} that ${logo}`);
  return logo;
}

/** A file, and a byte more than allowed at most: so that too much is seen, and not taken in. */
async function readBounded(file: string, most: number): Promise<Buffer> {
  await using handle = await open(file, 'r');
  const { size } = await handle.stat();
  if (size > most) throw new Error(`it has ${size} bytes; ${most} are allowed`);
  return handle.readFile();
}

function wrong(file: string, why: string): HostedPageFileError {
  return new HostedPageFileError(`The file ${file} of LONGTURN_HOSTED_PAGE ${why}.`);
}
