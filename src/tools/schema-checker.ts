import { createHash } from 'node:crypto';
import path from 'node:path';
import { setImmediate as nextRound } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Mutex } from 'async-mutex';
import type { JsonObject } from '../contract/index.ts';
import { schemaLimitProblems } from './schema-limits.ts';
import type { SchemaTask } from './schema-thread.ts';
import { isQuick, isQuickWith } from './schema-weight.ts';
import { createInputValidator, createSchemaValidator, type Verdict } from './validate-input.ts';

/**
 * Judges schemas that others wrote, and inputs by them, without ever holding up the process: what is not surely quick is
 * done in a thread, which is ended when its time is over. Release ends the thread.
 */
export interface SchemaChecker extends AsyncDisposable {
  /** Whether a schema may be that of a tool's input. */
  accept(schema: JsonObject): Promise<Verdict>;
  /** Checks an input. `isOurs`: the schema is one of this program's own. */
  check(schema: JsonObject, input: JsonObject, options?: { isOurs?: boolean }): Promise<Verdict>;
}

export interface SchemaCheckerOptions {
  /** Longest time of one check in the thread, in milliseconds. Default 2,000. */
  deadlineMs?: number;
  /** How long a schema whose check took too long is refused unseen, in milliseconds. Default 60,000. */
  refuseMs?: number;
}

const THREAD_FILE = path.resolve(import.meta.dirname, 'schema-thread.ts');
/** Most that the thread may use; V8's own share comes on top. */
const LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };
const MAX_REFUSED = 1_000;

const TOO_COSTLY: Verdict = {
  ok: false,
  problems: [{ path: '', message: 'is too costly to check: it took too long, or too much memory' }],
  isTooCostly: true,
};

/** The thread is started when it is first needed. */
export function createSchemaChecker(options: SchemaCheckerOptions = {}): SchemaChecker {
  const { deadlineMs = 2_000, refuseMs = 60_000 } = options;
  const thread = createThread(deadlineMs);
  const validateInput = createInputValidator();
  const validateSchema = createSchemaValidator();
  const refused = new Map<string, number>();

  /** The same schema is likely to hold up the next thread too, for each of many calls and in each retry. */
  async function inThread(task: SchemaTask): Promise<Verdict> {
    const key = createHash('sha256').update(task.schema).digest('base64');
    const until = refused.get(key);
    if (until !== undefined && performance.now() < until) return TOO_COSTLY;
    const verdict = await thread.run(task);
    if (verdict === TOO_COSTLY) {
      if (refused.size >= MAX_REFUSED) refused.clear();
      refused.set(key, performance.now() + refuseMs);
    }
    return verdict;
  }

  return {
    async accept(schema) {
      const problems = schemaLimitProblems(schema);
      if (problems.length > 0) return { ok: false, problems };
      if (!isQuick(schema)) return await inThread({ schema: JSON.stringify(schema) });
      // Many may come at once.
      await nextRound();
      return validateSchema(schema);
    },
    async check(schema, input, { isOurs = false } = {}) {
      if (isOurs || isQuickWith(schema, input)) return validateInput(schema, input);
      return await inThread({ schema: JSON.stringify(schema), input: JSON.stringify(input) });
    },
    [Symbol.asyncDispose]: () => thread.release(),
  };
}

/** A thread that does one task after another. One that takes too long or dies is replaced. */
function createThread(deadlineMs: number): {
  run(task: SchemaTask): Promise<Verdict>;
  release(): Promise<void>;
} {
  let worker: Worker | undefined;
  let isReleased = false;
  const oneAtATime = new Mutex();
  /** What waits for the thread's next word; undefined: it died. */
  let told: (word: 'ready' | Verdict | undefined) => void = () => undefined;

  async function end(): Promise<void> {
    const ending = worker;
    worker = undefined;
    told(undefined);
    await ending?.terminate();
  }

  /** Resolves when it has loaded its code: that is no part of a check's time. */
  async function start(): Promise<Worker> {
    const started = new Worker(THREAD_FILE, { resourceLimits: LIMITS, env: {}, execArgv: [] });
    started.unref();
    const death = Promise.withResolvers<never>();
    started.on('error', (error) => {
      death.reject(error);
      if (started === worker) void end();
    });
    started.on('message', (word) => told(word));
    await Promise.race([nextWord(), death.promise]);
    // From now on its death is told by the word that does not come.
    death.promise.catch(() => undefined);
    return started;
  }

  function nextWord(): Promise<'ready' | Verdict | undefined> {
    return new Promise((resolve) => {
      told = resolve;
    });
  }

  async function once(task: SchemaTask): Promise<Verdict> {
    worker ??= await start();
    if (isReleased) await end();
    if (worker === undefined) return TOO_COSTLY;
    const answer = nextWord();
    const timer = setTimeout(() => told(undefined), deadlineMs);
    worker.postMessage(task);
    const verdict = await answer;
    clearTimeout(timer);
    if (typeof verdict === 'object') return verdict;
    await end();
    return TOO_COSTLY;
  }

  return {
    async release() {
      isReleased = true;
      await end();
    },
    run: (task) => oneAtATime.runExclusive(() => once(task)),
  };
}
