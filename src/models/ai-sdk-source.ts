import type { LanguageModel } from 'ai';
import type { JsonObject } from '../contract/index.ts';
import type { ErrorContext } from './ai-sdk-errors.ts';

/** One vendor's models, as the AI SDK reaches them. */
export interface AiSdkSource extends ErrorContext {
  /** Loads the vendor's package on first use, so that start-up does not pay for it. Requests go through `fetch`. */
  load(fetch: typeof globalThis.fetch): Promise<(model: string) => LanguageModel>;
  /** Vendor options of each call, by the SDK's name of the vendor. */
  options?: Record<string, JsonObject>;
  /** Set where it is a chat completions API: what such servers say beyond it is read from their chunks. */
  isChat?: true;
}
