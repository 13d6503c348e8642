import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { credentialValues } from './credential-keys.ts';
import { type CredentialProvider, type ProvidedCredential, ProviderError } from './credential-provider.ts';
import { matchesDomain } from './match-domain.ts';
import { ownerOnlyProblem } from './owner-only.ts';
import { listed, readYaml } from './read-yaml.ts';
import { totpSecretOf } from './totp.ts';

const Item = z.strictObject({
  path: z.string().regex(/^[^/]+\/[^/]+$/, 'must be Vault/Item, both without a slash'),
  domains: z.array(z.string().min(1)).default([]),
  values: z.record(z.string().min(1), z.string('must be a text; put it in quotation marks')),
  totp_secret: z
    .string()
    .refine(
      (text) => totpSecretOf(text) !== undefined,
      'must be Base32, or an otpauth:// URI of the usual kind',
    )
    .optional(),
});
type Item = z.infer<typeof Item>;
const Items = z.strictObject({ items: z.array(Item) });

export interface FileProviderOptions {
  name: string;
  /** YAML or JSON: `{ items: [{ path, domains, values, totp_secret }] }`. Only its owner may be able to read it. */
  path: string;
  priority: number;
}

/** Logins of a file on this host; it is read again when it has changed. */
export function createFileProvider({ name, path, priority }: FileProviderOptions): CredentialProvider {
  let known: { items: Item[]; stamp: string } | undefined;
  const items = async (): Promise<Item[]> => {
    const stamp = await stampOf(name, path);
    if (known?.stamp !== stamp) known = { items: await readItems(name, path), stamp };
    return known.items;
  };
  return {
    name,
    kind: 'file',
    priority,
    async byPath(wanted) {
      return valuesOf((await items()).find((item) => item.path === wanted));
    },
    async byDomain(domain) {
      return valuesOf(
        (await items()).find((item) => item.domains.some((each) => matchesDomain(each, domain))),
      );
    },
  };
}

async function stampOf(name: string, path: string): Promise<string> {
  try {
    const { mtimeMs, ctimeMs, size, ino } = await stat(path);
    return [mtimeMs, ctimeMs, size, ino].join(' ');
  } catch (error) {
    throw unreadable(name, path, error);
  }
}

async function readItems(name: string, path: string): Promise<Item[]> {
  const problem = await ownerOnlyProblem(path);
  if (problem) throw new ProviderError(name, `The file ${path} ${problem}`);
  const text = await readFile(path, 'utf8').catch((error) => {
    throw unreadable(name, path, error);
  });
  const { value, problems } = readYaml(text, Items);
  if (value) return value.items;
  throw new ProviderError(name, `The file ${path} is wrong: ${listed(problems)}.`);
}

function valuesOf(item: Item | undefined): ProvidedCredential | undefined {
  if (item === undefined) return undefined;
  const totpSecret = item.totp_secret && totpSecretOf(item.totp_secret);
  return {
    values: credentialValues(item.values),
    domains: item.domains,
    ...(totpSecret && { totpSecret }),
  };
}

function unreadable(name: string, path: string, error: unknown): ProviderError {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  return new ProviderError(name, `The file ${path} cannot be read (${code}). Mend its path or permissions.`);
}
