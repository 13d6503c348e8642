/** An expression over `element` (and `given`, where one is passed) as a function to be called in the page. */
export function pageFunction<T>(expression: string): (element: unknown, given?: unknown) => T {
  return new Function('element', 'given', `return ${expression}`) as (element: unknown, given?: unknown) => T;
}
