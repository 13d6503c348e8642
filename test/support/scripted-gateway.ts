import { EngineUnavailable, type TurnGateway } from '../../src/temporal/turn/turn-gateway.ts';

/** One message that the API sent. */
export interface Sent {
  verb: keyof TurnGateway;
  args: readonly unknown[];
}

/** A gateway whose answers a test writes; what is not written is an engine that does not answer. */
export interface ScriptedGateway extends TurnGateway {
  /** Everything that was sent, in order. */
  sent: Sent[];
  /** Answers of the verbs from now on. */
  script: Partial<TurnGateway>;
}

/** Makes a gateway that starts every turn and answers nothing else. */
export function createScriptedGateway(): ScriptedGateway {
  const sent: Sent[] = [];
  const fallback = {
    start: async () => true,
    revokeGrant: async () => undefined,
  };
  const verb =
    (name: keyof TurnGateway) =>
    async (...args: unknown[]): Promise<never> => {
      sent.push({ verb: name, args });
      const answer = { ...fallback, ...gateway.script }[name] as
        | ((...given: unknown[]) => unknown)
        | undefined;
      if (answer === undefined) throw new EngineUnavailable(`no answer to ${name} is written`);
      return (await answer(...args)) as never;
    };
  const gateway: ScriptedGateway = {
    sent,
    script: {},
    start: verb('start'),
    decide: verb('decide'),
    submitResult: verb('submitResult'),
    steer: verb('steer'),
    stop: verb('stop'),
    cancel: verb('cancel'),
    revokeGrant: verb('revokeGrant'),
    wakeCall: verb('wakeCall'),
    snapshot: verb('snapshot'),
    stuck: verb('stuck'),
  };
  return gateway;
}
