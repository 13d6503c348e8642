import { faultsOf, isBlankText, type Rules, record, records, text } from './rules.ts';

/** Anthropic's Messages API: alternation, text that says something, answered calls, thinking first and signed. */
export const anthropicFaults: Rules = (body) =>
  faultsOf((fault) => {
    const messages = records(body['messages']);
    const tools = records(body['tools']);
    if (messages.length === 0) fault('there are no messages');
    if (messages[0]?.['role'] !== 'user') fault('the first message is not of the user');
    if (messages.at(-1)?.['role'] !== 'user') fault('the last message is not of the user');
    for (const block of records(body['system']))
      if (isBlankText(block['text'])) fault('system text is blank');
    const names = tools.map((tool) => text(tool['name']));
    if (new Set(names).size !== names.length) fault('two tools have one name');
    for (const name of names) if (!NAME.test(name)) fault(`a tool is called ${JSON.stringify(name)}`);

    const ids = new Set<string>();
    for (const [at, message] of messages.entries()) {
      if (at > 0 && messages[at - 1]?.['role'] === message['role']) fault(`${at}: two of one role`);
      const blocks = blocksOf(message);
      if (blocks.length === 0) fault(`${at}: no content`);
      const kinds = blocks.map(({ type }) => text(type));
      const thinksAt = kinds.findIndex((kind) => kind.includes('thinking'));
      if (thinksAt > 0) fault(`${at}: thinking does not come first`);
      for (const block of blocks) checkBlock(block, at, fault);
      const calls = blocks.filter(({ type }) => type === 'tool_use').map(({ id }) => text(id));
      for (const id of calls) {
        if (ids.has(id)) fault(`${at}: a call's id is there twice`);
        ids.add(id);
      }
      if (calls.length > 0 && tools.length === 0) fault(`${at}: calls, and no tools`);
      const answers = message['role'] === 'assistant' ? resultsOf(messages[at + 1]) : calls;
      if ([...calls].sort().join() !== [...answers].sort().join()) fault(`${at}: calls and results differ`);
      if (message['role'] === 'user' && kinds.lastIndexOf('tool_result') >= resultsOf(message).length)
        fault(`${at}: results do not come first`);
      if (message['role'] === 'user' && resultsOf(message).length > 0 && callsOf(messages[at - 1]) === 0)
        fault(`${at}: results without calls`);
    }
  });

const NAME = /^[a-zA-Z0-9_-]{1,128}$/;

function blocksOf(message: Record<string, unknown> | undefined): Record<string, unknown>[] {
  const content = message?.['content'];
  return typeof content === 'string' ? [{ type: 'text', text: content }] : records(content);
}

function resultsOf(message: Record<string, unknown> | undefined): string[] {
  return blocksOf(message)
    .filter(({ type }) => type === 'tool_result')
    .map((block) => text(block['tool_use_id']));
}

function callsOf(message: Record<string, unknown> | undefined): number {
  return blocksOf(message).filter(({ type }) => type === 'tool_use').length;
}

function checkBlock(block: Record<string, unknown>, at: number, fault: (words: string) => void): void {
  switch (block['type']) {
    case 'text':
      if (isBlankText(block['text'])) fault(`${at}: blank text`);
      return;
    case 'thinking':
      if (text(block['signature']) === '') fault(`${at}: thinking without a signature`);
      return;
    case 'tool_use':
      if (!/^[a-zA-Z0-9_-]+$/.test(text(block['id']))) fault(`${at}: a call's id`);
      if (!NAME.test(text(block['name']))) fault(`${at}: a call's name ${JSON.stringify(block['name'])}`);
      if (record(block['input']) === undefined) fault(`${at}: input that is no object`);
      return;
    case 'tool_result':
      if (isBlankText(block['content'])) fault(`${at}: a blank result`);
      return;
  }
}
