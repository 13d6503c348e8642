import type { ModelMessage, ModelRequest, ModelResponse } from '../../../src/models/model-provider.ts';
import { createRehearsalProvider } from '../../../src/models/rehearsal.ts';

/** What happened while a step was played, in order: pieces of text and waits in milliseconds. */
export type Trace = (string | number)[];

/** Plays one step without waiting; `trace` is filled as things happen. */
export function play(
  said: string | ModelMessage[],
  { trace = [], ...given }: Partial<ModelRequest> & { trace?: Trace } = {},
): Promise<ModelResponse> {
  const provider = createRehearsalProvider({ sleep: async (ms) => void trace.push(ms) });
  return provider.generate({
    model: 'script',
    instructions: '',
    messages: typeof said === 'string' ? [{ role: 'user', text: said }] : said,
    tools: [],
    attempt: 1,
    signal: new AbortController().signal,
    onText: (piece) => trace.push(piece),
    ...given,
  });
}

/** The conversation after the given steps: each call answered with `<tool> did <its number in the turn>`. */
export function conversation(script: string, steps: string[][]): ModelMessage[] {
  let number = 0;
  const messages = steps.flatMap((tools): ModelMessage[] => {
    const calls = tools.map((tool) => {
      number += 1;
      return { callId: `c${number}`, tool, input: {} };
    });
    return [
      { role: 'assistant', text: '', calls },
      ...calls.map(
        ({ callId, tool }): ModelMessage => ({
          role: 'tool',
          callId,
          tool,
          content: `${tool} did ${callId}`,
          isError: false,
        }),
      ),
    ];
  });
  return [{ role: 'user', text: script }, ...messages];
}
