import { ApiProblem } from './problems.ts';

/**
 * The offered media type that the `Accept` header wants most; the first offered one when it does not care.
 * Throws `not_acceptable` when it wants none of them.
 */
export function negotiate<T extends string>(accept: string | undefined, offered: readonly [T, ...T[]]): T {
  const wanted = (accept ?? '').trim() === '' ? [{ range: '*/*', q: 1 }] : parse(accept ?? '');
  let best: { type: T; q: number } | undefined;
  for (const type of offered) {
    const q = qualityOf(type, wanted);
    if (q > (best?.q ?? 0)) best = { type, q };
  }
  if (best !== undefined) return best.type;
  throw new ApiProblem(
    'not_acceptable',
    `Accept one of ${offered.join(', ')}; the request accepts ${accept}.`,
  );
}

interface Wanted {
  range: string;
  q: number;
}

function parse(accept: string): Wanted[] {
  return accept.split(',').map((entry) => {
    const [range = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return { range, q: q === undefined ? 1 : Number.parseFloat(q) || 0 };
  });
}

/** Of the most specific range that fits. */
function qualityOf(type: string, wanted: Wanted[]): number {
  for (const range of [type, `${type.split('/', 1)[0]}/*`, '*/*']) {
    const match = wanted.find((candidate) => candidate.range === range);
    if (match !== undefined) return match.q;
  }
  return 0;
}
