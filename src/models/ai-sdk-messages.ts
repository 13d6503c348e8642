import type {
  AssistantModelMessage,
  ModelMessage as SdkMessage,
  ToolModelMessage,
  UserModelMessage,
} from 'ai';
import type { Json } from '../contract/index.ts';
import type { ModelMessage } from './model-provider.ts';

/**
 * Our conversation in the AI SDK's form. Neighbours of one role become one message, as providers require; blank
 * assistant text, which providers refuse, is left out. Lone surrogates become U+FFFD, as no provider's JSON may hold
 * them.
 */
export function toSdkMessages(messages: ModelMessage[]): SdkMessage[] {
  const merged: SdkMessage[] = [];
  for (const message of messages.map(toSdkMessage)) {
    if (message.content.length === 0) continue;
    if (!appendTo(merged.at(-1), message)) merged.push(message);
  }
  return merged;
}

type UserMessage = UserModelMessage & { content: Exclude<UserModelMessage['content'], string> };
type AssistantMessage = AssistantModelMessage & {
  content: Exclude<AssistantModelMessage['content'], string>;
};
type PartMessage = UserMessage | AssistantMessage | ToolModelMessage;

function toSdkMessage(message: ModelMessage): PartMessage {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: [{ type: 'text', text: message.text.toWellFormed() }] };
    case 'assistant':
      return { role: 'assistant', content: assistantParts(message) };
    case 'tool':
      return {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: message.callId,
            toolName: message.tool,
            output: {
              type: message.isError ? 'error-text' : 'text',
              value: message.content.toWellFormed(),
            },
          },
        ],
      };
  }
}

function assistantParts(message: Extract<ModelMessage, { role: 'assistant' }>): AssistantMessage['content'] {
  const text = message.text.trim() === '' ? [] : [message.text.toWellFormed()];
  return [
    ...text.map((part) => ({ type: 'text' as const, text: part })),
    ...message.calls.map((call) => ({
      type: 'tool-call' as const,
      toolCallId: call.callId,
      toolName: call.tool,
      input: wellFormed(call.input),
    })),
  ];
}

/** True when both are of one role and the parts are now in the first. */
function appendTo(last: SdkMessage | undefined, next: PartMessage): boolean {
  if (last?.role !== next.role || typeof last.content === 'string') return false;
  // Both hold parts of the same role; the union of the three pairs cannot be told apart by the compiler.
  (last.content as unknown[]).push(...next.content);
  return true;
}

function wellFormed(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.toWellFormed(), wellFormed(item)]),
  );
}
