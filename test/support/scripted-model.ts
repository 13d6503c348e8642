import type { Usage } from '../../src/contract/index.ts';
import {
  ModelError,
  type ModelMessage,
  type ModelProvider,
  type ModelRequest,
  type ModelResponse,
  type ModelToolCall,
} from '../../src/models/model-provider.ts';

/** What the model does when it is asked: one entry for each attempt, in order. */
export type ScriptedAnswer = (request: ModelRequest) => Promise<ModelResponse>;

/** What a model was asked, as it was at that moment. */
export interface AskedModel {
  messages: ModelMessage[];
  tools: string[];
  attempt: number;
}

/** Answers from scripts, one per model name; a script that has run out fails with a sentence. */
export interface ScriptedModel {
  provider: ModelProvider;
  /** Adds answers to the script of a model. */
  script(model: string, answers: ScriptedAnswer[]): void;
  requests(model: string): AskedModel[];
  /** Sentences of scripts that ran out since the last call. */
  takeFaults(): string[];
}

export function createScriptedModel(): ScriptedModel {
  const scripts = new Map<string, ScriptedAnswer[]>();
  const asked = new Map<string, AskedModel[]>();
  let faults: string[] = [];
  return {
    provider: {
      async generate(request) {
        const { model, messages, tools, attempt } = request;
        const requests = asked.get(model) ?? [];
        requests.push({ messages: [...messages], tools: tools.map(({ name }) => name), attempt });
        asked.set(model, requests);
        const answer = scripts.get(model)?.shift();
        if (answer) return await answer(request);
        const fault = `The script of "${model}" has run out: it was asked ${requests.length} times, the last time after ${JSON.stringify(messages.at(-1))}. Add an answer to it.`;
        faults.push(fault);
        throw new ModelError('script_invalid', fault);
      },
    },
    script: (model, answers) => scripts.set(model, [...(scripts.get(model) ?? []), ...answers]),
    requests: (model) => asked.get(model) ?? [],
    takeFaults() {
      const taken = faults;
      faults = [];
      return taken;
    },
  };
}

const SOME_USAGE: Usage = { inputTokens: 10, outputTokens: 5 };

/** A final answer, or the text of a step. */
export function says(text: string, usage: Usage = SOME_USAGE): ScriptedAnswer {
  return async ({ onText }) => {
    if (text !== '') onText(text);
    return { text, calls: [], usage };
  };
}

/** One step that asks for these calls at once. */
export function asks(...calls: [tool: string, input?: ModelToolCall['input']][]): ScriptedAnswer {
  return async () => ({
    text: '',
    calls: calls.map(([tool, input = {}]) => ({ tool, input })),
    usage: SOME_USAGE,
  });
}

/** A call whose arguments the model wrote as no JSON object. */
export function asksBadly(tool: string, invalid: string): ScriptedAnswer {
  return async () => ({ text: '', calls: [{ tool, input: {}, invalid }], usage: SOME_USAGE });
}

/** Fails as a provider does. */
export function fails(...of: ConstructorParameters<typeof ModelError>): ScriptedAnswer {
  return async () => {
    throw new ModelError(...of);
  };
}

/** A text that arrives in pieces; before each piece the gate of that place is waited for. */
export function streams(pieces: string[], gates: Gate[] = []): ScriptedAnswer {
  return async ({ onText, signal }) => {
    for (const [index, piece] of pieces.entries()) {
      await gates[index]?.passed(signal);
      onText(piece);
    }
    return { text: pieces.join(''), calls: [], usage: SOME_USAGE };
  };
}

/** Answers only once the gate is open. */
export function onceOpen(gate: Gate, answer: ScriptedAnswer): ScriptedAnswer {
  return async (request) => {
    await gate.passed(request.signal);
    return await answer(request);
  };
}

/** Something that waits until a test lets it go on. */
export interface Gate {
  open(): void;
  /** Resolves once somebody waits in front of it. */
  readonly reached: Promise<void>;
  /** Waits until it is open; rejects when the signal is aborted. */
  passed(signal?: AbortSignal): Promise<void>;
}

export function createGate(): Gate {
  const opened = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  return {
    open: opened.resolve,
    reached: reached.promise,
    async passed(signal) {
      reached.resolve();
      const aborted = Promise.withResolvers<never>();
      const abort = () => aborted.reject(signal?.reason);
      signal?.addEventListener('abort', abort);
      if (signal?.aborted) abort();
      try {
        await Promise.race([opened.promise, aborted.promise]);
      } finally {
        signal?.removeEventListener('abort', abort);
      }
    },
  };
}
