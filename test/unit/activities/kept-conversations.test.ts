import { afterEach, expect, it, jest } from '@jest/globals';
import { createKeptConversations } from '../../../src/activities/turn/kept-conversations.ts';
import { type BuiltConversation, memoryOf } from '../../../src/models/built-conversation.ts';

const IDLE_MS = 60_000;

function built(sessionId: string, tokens: number): BuiltConversation {
  const ordinals = new Map<string, number>();
  return {
    sessionId,
    said: [],
    saidTokens: tokens,
    ordinals,
    compactions: [],
    messages: [],
    messageTokens: 0,
  };
}

const SIZE = memoryOf(built('any', 1_000));

afterEach(() => {
  jest.useRealTimers();
});

it('keeps one conversation a session, up to so much memory: what was not asked for longest goes first', () => {
  const kept = createKeptConversations({ mostBytes: SIZE * 2, idleMs: IDLE_MS });
  kept.put(built('a', 999));
  const [a, b, c] = [built('a', 1_000), built('b', 1_000), built('c', 1_000)];
  for (const each of [a, b]) kept.put(each);
  expect(kept.bytes()).toBe(SIZE * 2);
  expect(kept.get('a')).toBe(a);
  kept.put(c);
  expect(kept.get('b')).toBeUndefined();
  expect([kept.get('a'), kept.get('c')]).toEqual([a, c]);
  expect(kept.bytes()).toBe(SIZE * 2);
});

it('keeps none that is larger than the room, and no others longer for it', () => {
  const kept = createKeptConversations({ mostBytes: SIZE, idleMs: IDLE_MS });
  kept.put(built('a', 1_000));
  kept.put(built('b', 1_001));
  expect(kept.get('b')).toBeUndefined();
  expect(kept.get('a')).toBeDefined();
  // The session has outgrown the room: its earlier conversation is of no more use.
  kept.put(built('a', 2_000));
  expect(kept.get('a')).toBeUndefined();
  expect(kept.bytes()).toBe(0);
});

it('forgets what nobody asks for, so that deleted content stays in no process', () => {
  jest.useFakeTimers();
  const kept = createKeptConversations({ mostBytes: SIZE * 9, idleMs: IDLE_MS });
  kept.put(built('a', 1_000));
  jest.advanceTimersByTime(IDLE_MS * 0.6);
  kept.put(built('b', 1_000));
  jest.advanceTimersByTime(IDLE_MS * 0.6);
  expect(kept.bytes()).toBe(SIZE);
  jest.advanceTimersByTime(IDLE_MS * 2);
  expect(kept.bytes()).toBe(0);
  expect(jest.getTimerCount()).toBe(0);
});
