import { readFile } from 'node:fs/promises';
import { ProviderError } from './credential-provider.ts';
import { ownerOnlyProblem } from './owner-only.ts';

/** Where a provider's access token is; read for every request. */
export interface TokenPlace {
  provider: string;
  place: { file: string } | { variable: string };
  variable(name: string): string | undefined;
}

/** Reads the access token; what is wrong with its place is a ProviderError. */
export function accessToken({ provider, place, variable }: TokenPlace): () => Promise<string> {
  return async () => {
    const token = 'file' in place ? await fromFile(provider, place.file) : variable(place.variable);
    if (token && /^[\x21-\x7e]+$/.test(token)) return token;
    const where = 'file' in place ? `The token file ${place.file}` : `The variable ${place.variable}`;
    throw new ProviderError(provider, `${where} holds no access token; put one there.`);
  };
}

async function fromFile(provider: string, file: string): Promise<string> {
  try {
    const problem = await ownerOnlyProblem(file);
    if (problem) throw new ProviderError(provider, `The token file ${file} ${problem}`);
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new ProviderError(provider, `The token file ${file} cannot be read (${code}).`);
  }
}
