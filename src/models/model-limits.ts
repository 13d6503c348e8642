/** What one provider, or one of its models, allows. What is left out is not limited. */
export interface ModelLimits {
  /** Most calls at once, of all workers together. */
  maxInFlight?: number;
  requestsPerMinute?: number;
  /** Input and output tokens. */
  tokensPerMinute?: number;
  /** A provider that sends nothing for this long has failed, in milliseconds. */
  timeoutMs?: number;
  /** The model that is asked while this one is out of order, as `provider/model`. */
  fallback?: string;
  /** For how long a step asks this one before it asks the fallback, in milliseconds. */
  fallbackAfterMs?: number;
}

/** Limits of a model, and what they are counted under: its provider, or itself where it has limits of its own. */
export interface ScopedLimits extends ModelLimits {
  scope: string;
}

/** What is configured of models, by provider and by whole name. */
export interface ModelBook {
  providers: Record<string, ModelLimits>;
  models: Record<string, ModelLimits>;
}

export const NO_LIMITS: ModelBook = { providers: {}, models: {} };

/** Whether calls are to be counted, and so wait in a queue of their own. */
export function isLimited(limits: ModelLimits): boolean {
  const { maxInFlight, requestsPerMinute, tokensPerMinute } = limits;
  return (maxInFlight ?? requestsPerMinute ?? tokensPerMinute) !== undefined;
}

/** What holds for a model. Where it has an entry, that goes before its provider's, field by field. */
export function limitsFor({ providers, models }: ModelBook, model: string): ScopedLimits {
  const provider = model.slice(0, Math.max(model.indexOf('/'), 0));
  const own = Object.hasOwn(models, model) ? models[model] : undefined;
  const shared = Object.hasOwn(providers, provider) ? providers[provider] : undefined;
  const ofBoth = { ...shared, ...own };
  const { maxInFlight: _, requestsPerMinute: __, tokensPerMinute: ___, fallback, ...others } = ofBoth;
  const counted = own && isLimited(own) ? { scope: model, from: own } : { scope: provider, from: shared };
  const { maxInFlight, requestsPerMinute, tokensPerMinute } = counted.from ?? {};
  return {
    scope: counted.scope,
    ...others,
    ...(maxInFlight !== undefined && { maxInFlight }),
    ...(requestsPerMinute !== undefined && { requestsPerMinute }),
    ...(tokensPerMinute !== undefined && { tokensPerMinute }),
    // The model that is its provider's fallback has no fallback itself.
    ...(fallback !== undefined && fallback !== model && { fallback }),
  };
}

/** Every scope whose calls are counted, with its limits. */
export function limitedScopes({ providers, models }: ModelBook): ScopedLimits[] {
  return [...Object.entries(providers), ...Object.entries(models)]
    .filter(([, limits]) => isLimited(limits))
    .map(([scope, limits]) => ({ scope, ...limits }));
}
