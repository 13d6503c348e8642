/** What a provider would refuse of a request's body, by its published rules; empty where it takes the request. */
export type Rules = (body: Record<string, unknown>) => string[];

/** Collects what is found, and what no provider takes: strings that are not well formed. */
export function faultsOf(check: (fault: (words: string) => void) => void): string[] {
  const faults: string[] = [];
  check((words) => faults.push(words));
  return faults;
}

export function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

export function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map((item) => record(item) ?? {}) : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function isBlankText(value: unknown): boolean {
  return text(value).trim() === '';
}
