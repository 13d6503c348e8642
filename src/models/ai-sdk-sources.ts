import type { AiSdkSource } from './ai-sdk-source.ts';

/** Where a vendor's API is and what opens it. */
export interface VendorConfig {
  apiKey?: string | undefined;
  /** Default: the vendor's public API. */
  baseUrl?: string | undefined;
}

/** Anthropic's Messages API. A base URL may be written with or without its `/v1`. */
export function anthropicSource({
  apiKey,
  baseUrl = 'https://api.anthropic.com',
}: VendorConfig): AiSdkSource {
  const baseURL = withoutSlash(baseUrl).replace(/(\/v1)?$/, '/v1');
  return {
    provider: 'anthropic',
    keyVariable: 'ANTHROPIC_API_KEY',
    apiKey,
    load: async (fetch) => {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return createAnthropic({ baseURL, apiKey: apiKey ?? '', fetch });
    },
  };
}

/** OpenAI's Responses API; answers are not stored there, for the conversation is ours. */
export function openaiSource({ apiKey, baseUrl = 'https://api.openai.com/v1' }: VendorConfig): AiSdkSource {
  return {
    provider: 'openai',
    keyVariable: 'OPENAI_API_KEY',
    apiKey,
    options: { openai: { store: false } },
    load: async (fetch) => {
      const { createOpenAI } = await import('@ai-sdk/openai');
      return createOpenAI({ baseURL: withoutSlash(baseUrl), apiKey: apiKey ?? '', fetch });
    },
  };
}

/** Any server with OpenAI's chat completions API: local models, gateways, other vendors. */
export function openaiCompatibleSource({ apiKey, baseUrl }: VendorConfig & { baseUrl: string }): AiSdkSource {
  return {
    provider: 'openai-compatible',
    keyVariable: 'OPENAI_API_KEY',
    apiKey,
    isChat: true,
    load: async (fetch) => {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      return createOpenAICompatible({
        name: 'openai-compatible',
        baseURL: withoutSlash(baseUrl),
        includeUsage: true,
        fetch,
        ...(apiKey ? { apiKey } : {}),
      });
    },
  };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
