import { createHash } from 'node:crypto';

/** A message "sent" to somebody's phone or mailbox. */
export interface SentMessage {
  scenario: string;
  kind: 'sms' | 'e-mail' | 'link' | 'push';
  /** Whose sign-in it belongs to. */
  user: string;
  /** The number, address or device. */
  to: string;
  /** The code; for `link` and `push` the URL that approves. */
  code: string;
  /** Unix milliseconds. */
  at: number;
}

/** Everything that was sent. */
export interface Outbox {
  send(message: Omit<SentMessage, 'at'>): void;
  /** A new six-digit code; the n-th code of a scenario is the same in every process. */
  nextCode(scenario: string): string;
  last(scenario: string, username?: string): SentMessage | undefined;
  all(): readonly SentMessage[];
  reset(): void;
}

/** Keeps messages in memory and tells of each. */
export function createOutbox(now: () => number, onMessage: (message: SentMessage) => void): Outbox {
  let messages: SentMessage[] = [];
  const counts = new Map<string, number>();
  return {
    send(message) {
      const sent = { ...message, at: now() };
      messages.push(sent);
      onMessage(sent);
    },
    nextCode(scenario) {
      const count = (counts.get(scenario) ?? 0) + 1;
      counts.set(scenario, count);
      const digest = createHash('sha256').update(`${scenario} ${count}`).digest();
      return String(digest.readUInt32BE(0) % 1_000_000).padStart(6, '0');
    },
    last: (scenario, username) =>
      messages.findLast(
        (message) => message.scenario === scenario && (username === undefined || message.user === username),
      ),
    all: () => messages,
    reset() {
      messages = [];
    },
  };
}
