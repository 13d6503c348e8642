/** Windows of known models, in tokens, by the model's full name; the first that fits counts. As their vendors state them. */
const WINDOWS: readonly (readonly [model: RegExp, tokens: number])[] = [
  [/^anthropic\/claude-/, 200_000],
  [/^openai\/gpt-4\.1/, 1_047_576],
  [/^openai\/gpt-5/, 272_000],
  [/^openai\/(gpt-4o|chatgpt-4o|gpt-4-turbo|o1-mini|o1-preview)/, 128_000],
  [/^openai\/o[134]/, 200_000],
  [/^openai\/gpt-4/, 8_192],
  [/^openai\/gpt-3\.5-turbo/, 16_385],
];

/** How many tokens a model reads at most; undefined where that is not known. */
export function knownWindow(model: string): number | undefined {
  return WINDOWS.find(([pattern]) => pattern.test(model))?.[1];
}
