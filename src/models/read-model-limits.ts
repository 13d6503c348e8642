import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ModelName } from '../contract/index.ts';
import { listed, readYaml } from '../secrets/read-yaml.ts';
import { schemaProblems } from '../tools/schema-problems.ts';
import { type ModelBook, NO_LIMITS } from './model-limits.ts';

const whole = (most: number) => {
  const message = `must be a whole number from 1 to ${most}`;
  return z.number(message).int(message).min(1, message).max(most, message);
};
const between = (least: number, most: number) => {
  const message = `must be a whole number of milliseconds from ${least} to ${most}`;
  return z.number(message).int(message).min(least, message).max(most, message);
};

const Limits = z.strictObject(
  {
    maxInFlight: whole(10_000).optional(),
    requestsPerMinute: whole(1_000_000).optional(),
    tokensPerMinute: whole(1_000_000_000).optional(),
    // Node's HTTP client itself gives up what is silent for five minutes.
    timeoutMs: between(100, 300_000).optional(),
    fallback: ModelName.optional(),
    fallbackAfterMs: between(0, 86_400_000).optional(),
  },
  'must be a table of limits',
);

const Entries = z.record(z.string(), Limits).default({});
const Book = z.strictObject({ providers: Entries, models: Entries }, 'must hold "providers" or "models"');

/** Names are checked even where a value has the wrong shape, so that all problems are told at once. */
function bookOf(known: readonly string[]) {
  return z.unknown().transform((raw, context) => {
    const parsed = Book.safeParse(raw);
    const [providers, models] = [entriesOf(raw, 'providers'), entriesOf(raw, 'models')];
    const faults: Fault[] = [
      ...(parsed.error ? schemaProblems(parsed.error) : []).map(({ path, message }) => ({
        path: [path],
        message,
      })),
      ...providerFaults(providers, known),
      ...modelFaults(models, known),
      ...fallbackFaults('providers', providers, known),
      ...fallbackFaults('models', models, known),
    ];
    for (const { path, message } of faults) {
      context.addIssue({ code: 'custom', path: path.filter((key) => key !== ''), message });
    }
    return parsed.data ?? NO_LIMITS;
  });
}

type Entries = Record<string, unknown>;

function entriesOf(raw: unknown, part: string): Entries {
  return tableOf(tableOf(raw)[part]);
}

function tableOf(value: unknown): Entries {
  return typeof value === 'object' && value !== null ? (value as Entries) : {};
}

interface Fault {
  path: string[];
  message: string;
}

function providerFaults(providers: Entries, known: readonly string[]): Fault[] {
  return Object.keys(providers)
    .filter((name) => !known.includes(name))
    .map((name) => ({ path: ['providers', name], message: unknown(known) }));
}

function modelFaults(models: Entries, known: readonly string[]): Fault[] {
  return Object.keys(models).flatMap((name) => {
    const path = ['models', name];
    if (!ModelName.safeParse(name).success) {
      return [{ path, message: 'must be provider/model, such as openai/gpt-5' }];
    }
    const provider = providerOf(name);
    return known.includes(provider) ? [] : [{ path, message: `names ${provider}, which ${unknown(known)}` }];
  });
}

function fallbackFaults(part: 'providers' | 'models', entries: Entries, known: readonly string[]): Fault[] {
  return Object.entries(entries).flatMap(([name, limits]) => {
    const { fallback, fallbackAfterMs } = tableOf(limits);
    if (fallback === undefined) {
      const path = [part, name, 'fallbackAfterMs'];
      return fallbackAfterMs === undefined ? [] : [{ path, message: 'needs a fallback beside it' }];
    }
    const path = [part, name, 'fallback'];
    if (fallback === name) return [{ path, message: 'must be another model' }];
    // That it is no model's name at all is a problem of its shape, which is told already.
    if (!ModelName.safeParse(fallback).success) return [];
    const provider = providerOf(String(fallback));
    return known.includes(provider) ? [] : [{ path, message: `names ${provider}, which ${unknown(known)}` }];
  });
}

function providerOf(model: string): string {
  return model.slice(0, model.indexOf('/'));
}

function unknown(known: readonly string[]): string {
  return `is not a provider; known: ${known.join(', ')}`;
}

/** The file of LONGTURN_MODELS cannot be used; the message lists every problem by the path of its key. */
export class ModelsFileError extends Error {
  override name = 'ModelsFileError';
}

/**
 * What LONGTURN_MODELS says of providers and models; without a file, nothing is limited. `known`: the providers that there
 * are. Throws {@link ModelsFileError}.
 */
export async function readModelLimits(
  file: string | undefined,
  known: readonly string[],
): Promise<ModelBook> {
  if (file === undefined) return NO_LIMITS;
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = `cannot be read (${error.code}); mend its path or permissions`;
    throw new ModelsFileError(`The file ${file} of LONGTURN_MODELS ${why}.`);
  });
  const { value, problems } = readYaml(text, bookOf(known));
  if (value === undefined) {
    const lines = problems.map((problem) => `  ${listed([problem])}`);
    throw new ModelsFileError([`The file ${file} of LONGTURN_MODELS is wrong:`, ...lines].join('\n'));
  }
  // The schema's optional fields are absent where they were not written.
  return value as ModelBook;
}
