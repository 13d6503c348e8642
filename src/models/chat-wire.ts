import type { JsonObject } from '../contract/index.ts';

/** Fields in which servers of the chat completions API tell what the model thought, and want it back. */
const TEXT_FIELDS = ['reasoning_content', 'reasoning'] as const;
const LIST_FIELD = 'reasoning_details';

/** What the chunks of a chat completions stream say that the SDK does not hand on. */
export interface ChatWire {
  /** Takes note of one chunk, as it was sent. */
  read(chunk: unknown): void;
  /** What the model thought, by the names of the server's fields. */
  fields(): JsonObject;
  /** Whether the server wrote this id itself, and how often it began a call with it. */
  writes(id: string): number;
  /** How many calls never got a name. */
  nameless(): number;
}

/** For one answer. */
export function createChatWire(): ChatWire {
  const texts = new Map<string, string>();
  const details: JsonObject[] = [];
  const ids = new Map<string, number>();
  const named = new Map<string, boolean>();
  const lastOf = new Map<number, string>();

  const readCall = (call: Fields): void => {
    const index = typeof call['index'] === 'number' ? call['index'] : 0;
    const id = filled(call['id']);
    const name = asFields(call['function'])['name'];
    const key = id ?? lastOf.get(index) ?? `#${index}`;
    if (id !== undefined) lastOf.set(index, id);
    if (id !== undefined && filled(name) !== undefined) ids.set(id, (ids.get(id) ?? 0) + 1);
    if (typeof name === 'string') named.set(key, named.get(key) === true || filled(name) !== undefined);
  };

  return {
    read(chunk) {
      const [choice] = asList(asFields(chunk)['choices']);
      const delta = asFields(asFields(choice)['delta']);
      for (const name of TEXT_FIELDS) {
        const text = delta[name];
        if (typeof text === 'string' && text !== '') texts.set(name, (texts.get(name) ?? '') + text);
      }
      for (const detail of asList(delta[LIST_FIELD])) details.push(detail as JsonObject);
      for (const call of asList(delta['tool_calls'])) readCall(asFields(call));
    },
    fields: () => ({
      ...Object.fromEntries(texts),
      ...(details.length > 0 && { [LIST_FIELD]: details }),
    }),
    writes: (id) => ids.get(id) ?? 0,
    nameless: () => [...named.values()].filter((isNamed) => !isNamed).length,
  };
}

type Fields = Record<string, unknown>;

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function filled(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
