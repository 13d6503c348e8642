import { faultsOf, isBlankText, type Rules, records, text } from './rules.ts';

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** OpenAI's Responses API without storing: each call has one output behind it, reasoning is encrypted and followed by its item. */
export const responsesFaults: Rules = (body) =>
  faultsOf((fault) => {
    const items = records(body['input']);
    if (items.every(({ role }) => role === 'system' || role === 'developer')) fault('there is no input');
    for (const { name } of records(body['tools'])) if (!NAME.test(text(name))) fault(`a tool ${name}`);
    const open = new Set<string>();
    const seen = new Set<string>();
    for (const [at, item] of items.entries()) {
      const id = text(item['call_id']);
      switch (item['type']) {
        case 'reasoning': {
          if (text(item['encrypted_content']) === '') fault(`${at}: reasoning that is not encrypted`);
          const next = items[at + 1];
          const follows =
            next?.['type'] === 'reasoning' ||
            next?.['type'] === 'function_call' ||
            next?.['role'] === 'assistant';
          if (!follows) fault(`${at}: reasoning without its following item`);
          break;
        }
        case 'function_call':
          if (!NAME.test(text(item['name']))) fault(`${at}: a call's name ${JSON.stringify(item['name'])}`);
          if (id === '' || id.length > 64 || seen.has(id)) fault(`${at}: a call's id`);
          if (!isObjectText(item['arguments'])) fault(`${at}: arguments that are no object`);
          seen.add(id);
          open.add(id);
          break;
        case 'function_call_output':
          if (!open.delete(id)) fault(`${at}: an output without its call`);
          if (isBlankText(item['output'])) fault(`${at}: a blank output`);
          break;
        default:
          if (open.size > 0) fault(`${at}: calls without outputs`);
          if (textsOf(item['content']).some(isBlankText)) fault(`${at}: blank text`);
      }
    }
    if (open.size > 0) fault('calls without outputs');
  });

/** Chat completions, as strict servers take them: each call is answered right behind its message. */
export const chatFaults: Rules = (body) =>
  faultsOf((fault) => {
    const messages = records(body['messages']).filter(({ role }) => role !== 'system');
    if (messages.length === 0) fault('there are no messages');
    if (messages[0]?.['role'] !== 'user') fault('the first message is not of the user');
    if (messages.at(-1)?.['role'] === 'assistant') fault('the last message is of the assistant');
    for (const { function: tool } of records(body['tools'])) checkName(tool, 'a tool', fault);
    let open: string[] = [];
    for (const [at, message] of messages.entries()) {
      if (message['role'] === 'tool') {
        const id = text(message['tool_call_id']);
        if (!open.includes(id)) fault(`${at}: a result without its call`);
        if (isBlankText(message['content'])) fault(`${at}: a blank result`);
        open = open.filter((other) => other !== id);
        continue;
      }
      if (open.length > 0) fault(`${at}: calls without results`);
      const calls = records(message['tool_calls']);
      open = calls.map(({ id }) => text(id));
      for (const { function: call } of calls) {
        checkName(call, `${at}: a call`, fault);
        if (!isObjectText((call as Record<string, unknown>)['arguments'])) fault(`${at}: arguments`);
      }
      if (new Set(open).size !== open.length) fault(`${at}: a call's id is there twice`);
      if (calls.length === 0 && textsOf(message['content']).every(isBlankText)) fault(`${at}: blank text`);
      if (message['role'] === 'assistant' && messages[at - 1]?.['role'] === 'assistant')
        fault(`${at}: two answers in a row`);
    }
    if (open.length > 0) fault('calls without results');
  });

function checkName(tool: unknown, whose: string, fault: (words: string) => void): void {
  const name = text((tool as Record<string, unknown>)['name']);
  if (!NAME.test(name)) fault(`${whose} is called ${JSON.stringify(name)}`);
}

function isObjectText(value: unknown): boolean {
  try {
    const parsed: unknown = JSON.parse(text(value));
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
}

function textsOf(content: unknown): string[] {
  return typeof content === 'string' ? [content] : records(content).map((part) => text(part['text']));
}
