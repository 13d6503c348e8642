import { createAiSdkProvider } from './ai-sdk.ts';
import { anthropicSource, openaiCompatibleSource, openaiSource } from './ai-sdk-sources.ts';
import { limitsFor, type ModelBook, NO_LIMITS } from './model-limits.ts';
import { type ModelDirectory, ModelError, type ModelProvider } from './model-provider.ts';
import { createRehearsalProvider } from './rehearsal.ts';

/** Keys and addresses of the models' vendors; those left out are not configured. */
export interface ModelConfig {
  anthropicApiKey?: string | undefined;
  /** Default `https://api.anthropic.com`. */
  anthropicBaseUrl?: string | undefined;
  openaiApiKey?: string | undefined;
  /** For `openai` the default is `https://api.openai.com/v1`; `openai-compatible` has none. */
  openaiBaseUrl?: string | undefined;
}

/** A provider, or the variable without which there is none. */
type Entry = { provider: ModelProvider; isRemote?: true } | { missing: string };

/** A vendor that sends nothing for this long has failed, in milliseconds: Node's HTTP client waits no longer either. */
const REMOTE_IDLE_MS = 300_000;

/** The providers that there are. */
export const PROVIDER_NAMES = ['rehearsal', 'anthropic', 'openai', 'openai-compatible'] as const;

/**
 * The directory of `rehearsal` (always there), `anthropic`, `openai`, `openai-compatible` and `extra`, which may
 * replace any of them; what is silent for longer than `book` says has failed. Looking up a name throws {@link ModelError} `model_not_configured`, which says what to set.
 */
export function createModelDirectory(
  config: ModelConfig,
  extra: Record<string, ModelProvider> = {},
  book: ModelBook = NO_LIMITS,
): ModelDirectory {
  const entries = new Map<string, Entry>([
    ['rehearsal', { provider: createRehearsalProvider() }],
    ['anthropic', anthropic(config)],
    ['openai', openai(config)],
    ['openai-compatible', openaiCompatible(config)],
    ...Object.entries(extra).map(([name, provider]): [string, Entry] => [name, { provider }]),
  ]);
  return (name) => {
    const slash = name.indexOf('/');
    const providerName = name.slice(0, Math.max(slash, 0));
    const model = name.slice(slash + 1);
    if (providerName === '' || model === '') {
      throw notConfigured(
        `The model "${name}" has no provider. Write provider/model, such as rehearsal/script.`,
      );
    }
    const entry = entries.get(providerName);
    if (!entry) {
      const known = [...entries.keys()].join(', ');
      throw notConfigured(`The model "${name}" names an unknown provider. Known providers: ${known}.`);
    }
    if ('missing' in entry) {
      throw notConfigured(`The model "${name}" is not configured. Set ${entry.missing} and start again.`);
    }
    const idleMs = limitsFor(book, name).timeoutMs ?? (entry.isRemote ? REMOTE_IDLE_MS : undefined);
    return { provider: entry.provider, model, ...(idleMs !== undefined && { idleMs }) };
  };
}

function anthropic({ anthropicApiKey: apiKey, anthropicBaseUrl: baseUrl }: ModelConfig): Entry {
  if (!apiKey) return { missing: 'ANTHROPIC_API_KEY' };
  return {
    isRemote: true,
    provider: createAiSdkProvider(anthropicSource({ apiKey, baseUrl: baseUrl || undefined })),
  };
}

function openai({ openaiApiKey: apiKey, openaiBaseUrl: baseUrl }: ModelConfig): Entry {
  if (!apiKey) return { missing: 'OPENAI_API_KEY' };
  return {
    isRemote: true,
    provider: createAiSdkProvider(openaiSource({ apiKey, baseUrl: baseUrl || undefined })),
  };
}

function openaiCompatible({ openaiApiKey: apiKey, openaiBaseUrl: baseUrl }: ModelConfig): Entry {
  if (!baseUrl) return { missing: 'OPENAI_BASE_URL' };
  return { isRemote: true, provider: createAiSdkProvider(openaiCompatibleSource({ apiKey, baseUrl })) };
}

function notConfigured(message: string): ModelError {
  return new ModelError('model_not_configured', message);
}
