import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { CredentialProvider } from './credential-provider.ts';
import { createFileProvider } from './file-provider.ts';
import { createOnePasswordProvider } from './onepassword-connect.ts';
import { accessToken } from './provider-token.ts';
import { listed, readYaml } from './read-yaml.ts';

const Name = z.string().regex(/^[A-Za-z0-9._-]{1,255}$/, 'must be 1–255 letters, digits, ".", "_" or "-"');
const Priority = z.number().int().default(100);
const DEFAULT_CACHE_S = 300;

const File = z.strictObject({
  kind: z.literal('file'),
  name: Name,
  path: z.string().min(1),
  priority: Priority,
});
const OnePassword = z
  .strictObject({
    kind: z.literal('onepassword'),
    name: Name,
    url: z
      .url({ protocol: /^https?$/, message: 'must be the http:// or https:// address of a Connect server' })
      .transform((text) => text.replace(/\/+(v1\/*)?$/, '')),
    token_file: z.string().min(1).optional(),
    token_env: z.string().min(1).optional(),
    priority: Priority,
    cache_ttl_seconds: z.number().int().min(0).max(86_400).default(DEFAULT_CACHE_S),
  })
  .refine((of) => (of.token_file === undefined) !== (of.token_env === undefined), {
    path: ['token_file'],
    message: 'must be given, or token_env, and not both',
  });
const Providers = z.strictObject({
  providers: z
    .array(z.discriminatedUnion('kind', [File, OnePassword], 'must be of kind "file" or "onepassword"'))
    .superRefine((all, context) => {
      for (const [index, { name }] of all.entries()) {
        if (all.findIndex((other) => other.name === name) === index) continue;
        context.addIssue({
          code: 'custom',
          path: [index, 'name'],
          message: `repeats "${name}"; give each its own`,
        });
      }
    }),
});

/** The file of credential providers cannot be used; the message lists every problem by the path of its key. */
export class ProvidersFileError extends Error {
  override name = 'ProvidersFileError';
}

export interface ReadProvidersOptions {
  /** Of LONGTURN_CREDENTIAL_PROVIDERS; absent: there are none. */
  file: string | undefined;
  /** A variable of the environment, for `token_env`. */
  variable(name: string): string | undefined;
  now(): Date;
}

/** The configured credential providers, in the order in which they are asked. Throws {@link ProvidersFileError}. */
export async function readProviders(options: ReadProvidersOptions): Promise<CredentialProvider[]> {
  const { file } = options;
  if (file === undefined) return [];
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = `cannot be read (${error.code}); mend its path or permissions`;
    throw new ProvidersFileError(`The file ${file} of LONGTURN_CREDENTIAL_PROVIDERS ${why}.`);
  });
  const { value, problems } = readYaml(text, Providers);
  if (value === undefined) {
    const lines = problems.map((problem) => `  ${listed([problem])}`);
    throw new ProvidersFileError(
      [`The file ${file} of LONGTURN_CREDENTIAL_PROVIDERS is wrong:`, ...lines].join('\n'),
    );
  }
  return value.providers
    .map((settings) => createProvider(settings, file, options))
    .toSorted((a, b) => a.priority - b.priority);
}

function createProvider(
  settings: z.output<typeof Providers>['providers'][number],
  file: string,
  { variable, now }: ReadProvidersOptions,
): CredentialProvider {
  const { name, priority } = settings;
  const besideFile = (given: string) => path.resolve(path.dirname(file), given);
  if (settings.kind === 'file')
    return createFileProvider({ name, path: besideFile(settings.path), priority });
  const {
    url,
    token_file: tokenFile,
    token_env: tokenVariable,
    cache_ttl_seconds: cacheTtlSeconds,
  } = settings;
  const place = tokenFile === undefined ? { variable: tokenVariable ?? '' } : { file: besideFile(tokenFile) };
  const token = accessToken({ provider: name, place, variable });
  return createOnePasswordProvider({ name, priority, url, token, cacheTtlSeconds, now });
}
