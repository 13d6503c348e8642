import { z } from 'zod';
import { ProviderError } from './credential-provider.ts';

const Named = z.object({ id: z.string(), name: z.string() });
const Urls = z
  .array(
    z.object({ href: z.string().optional(), url: z.string().optional(), primary: z.boolean().optional() }),
  )
  .nullish();
const Summary = z.object({ id: z.string(), title: z.string(), urls: Urls });
const Field = z.object({
  type: z.string().nullish(),
  purpose: z.string().nullish(),
  label: z.string().nullish(),
  value: z.string().nullish(),
});
const Detail = z.object({ fields: z.array(Field).nullish() });

export type ItemSummary = z.infer<typeof Summary>;
export type ItemField = z.infer<typeof Field>;

/** How long the Connect server may take for one answer, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** The parts of 1Password's Connect API that a login needs. Every failure is a ProviderError without any value. */
export interface OnePasswordApi {
  /** All that the token may see, or those of a name. */
  vaults(name?: string): Promise<z.infer<typeof Named>[]>;
  /** Without fields; all of a vault, or those of a title. */
  items(vaultId: string, title?: string): Promise<ItemSummary[]>;
  /** Undefined: deleted meanwhile. */
  fields(vaultId: string, itemId: string): Promise<ItemField[] | undefined>;
}

export interface OnePasswordApiOptions {
  /** Of the provider, for errors. */
  name: string;
  /** Base address of the Connect server, without `/v1`. */
  url: string;
  token(): Promise<string>;
  timeoutMs?: number;
}

export function createOnePasswordApi(options: OnePasswordApiOptions): OnePasswordApi {
  const get = createGet(options);
  return {
    vaults: async (name) => (await get(`/v1/vaults${equals('name', name)}`, z.array(Named))) ?? [],
    items: async (vaultId, title) => {
      const path = `/v1/vaults/${encodeURIComponent(vaultId)}/items${equals('title', title)}`;
      return (await get(path, z.array(Summary))) ?? [];
    },
    fields: async (vaultId, itemId) => {
      const path = `/v1/vaults/${encodeURIComponent(vaultId)}/items/${encodeURIComponent(itemId)}`;
      const detail = await get(path, Detail);
      return detail && (detail.fields ?? []);
    },
  };
}

/** A SCIM filter on one attribute. */
function equals(attribute: string, value: string | undefined): string {
  if (value === undefined) return '';
  const quoted = value.replace(/["\\]/g, '\\$&');
  return `?filter=${encodeURIComponent(`${attribute} eq "${quoted}"`)}`;
}

function createGet({ name, url, token, timeoutMs = TIMEOUT_MS }: OnePasswordApiOptions) {
  return async <T extends z.ZodType>(path: string, schema: T): Promise<z.output<T> | undefined> => {
    const headers = { authorization: `Bearer ${await token()}`, accept: 'application/json' };
    const signal = AbortSignal.timeout(timeoutMs);
    const failed = (error: unknown): never => {
      throw new ProviderError(name, `1Password Connect at ${url} ${whyNot(error, timeoutMs)}.`);
    };
    const answer = await fetch(url + path, { headers, signal, redirect: 'error' }).catch(failed);
    if (!answer.ok) {
      await answer.body?.cancel();
      if (answer.status === 404) return undefined;
      throw new ProviderError(name, `1Password Connect at ${url} ${refusal(answer.status)}.`);
    }
    const text = await answer.text().catch(failed);
    const parsed = schema.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data;
    throw new ProviderError(
      name,
      `1Password Connect at ${url} answers something else than its API; mend the url.`,
    );
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The message would quote the text.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function refusal(status: number): string {
  if (status === 401) return 'refuses the token (401); put a valid access token in its place';
  if (status === 403) return 'does not let the token see this vault (403); give it access';
  return `answers ${status}`;
}

function whyNot(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `does not answer within ${timeoutMs} ms`;
  const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  return `cannot be reached (${cause?.code ?? 'no connection'})`;
}
