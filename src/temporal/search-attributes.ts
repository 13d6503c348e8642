import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import type { Logger } from 'pino';
import type { TurnToStart } from './turn/turn-gateway.ts';

const AGENT = defineSearchAttributeKey('LongturnAgent', 'KEYWORD');
const SESSION = defineSearchAttributeKey('LongturnSession', 'KEYWORD');
const NAMES = [AGENT.name, SESSION.name];

/** Number of the API's `IndexedValueType` for a keyword. */
const KEYWORD = 2;
/** How long the engine may take to answer, in milliseconds. */
const WAIT_MS = 5_000;
/** How long "not there" is believed, in milliseconds. */
const LOOK_AGAIN_MS = 60_000;

/**
 * What turns can be found by in Temporal's UI: agent and session. A start with an attribute that the namespace does not
 * have is refused, so they are given only where it is known to have them, and never waited for.
 */
export interface TurnSearchAttributes {
  /** Those of a turn; none while the namespace is not known to have them. */
  of(turn: TurnToStart): SearchAttributePair[];
  /** The engine refused a start with them: none are given until the namespace is known to have them again. */
  refused(): void;
  /** Registers them in the namespace where that is permitted; says in the log where it is not. Never throws. */
  register(): Promise<void>;
}

export function createSearchAttributes(client: Client, log: Logger): TurnSearchAttributes {
  const { namespace } = client.options;
  let there = false;
  let lookedAtMs = Number.NEGATIVE_INFINITY;

  const within = <T>(call: () => Promise<T>) => client.withDeadline(Date.now() + WAIT_MS, call);

  async function look(): Promise<void> {
    lookedAtMs = performance.now();
    const { customAttributes } = await within(() =>
      client.connection.operatorService.listSearchAttributes({ namespace }),
    );
    there = NAMES.every((name) => customAttributes?.[name] === KEYWORD);
  }

  async function lookAgain(): Promise<void> {
    await look().catch((error) => log.debug({ err: error }, 'search attributes cannot be listed'));
  }

  return {
    of({ agent, sessionId }) {
      if (there) {
        return [
          { key: AGENT, value: agent },
          { key: SESSION, value: sessionId },
        ];
      }
      if (performance.now() - lookedAtMs > LOOK_AGAIN_MS) void lookAgain();
      return [];
    },
    refused() {
      there = false;
      lookedAtMs = performance.now();
    },
    async register() {
      await lookAgain();
      if (there) return;
      const searchAttributes = Object.fromEntries(NAMES.map((name) => [name, KEYWORD]));
      try {
        await within(() =>
          client.connection.operatorService.addSearchAttributes({ namespace, searchAttributes }),
        );
      } catch (error) {
        log.info(
          { err: error, names: NAMES },
          "turns cannot be found by agent and session in Temporal's UI: register the search attributes (docs/operations.md)",
        );
      }
      await lookAgain();
    },
  };
}
