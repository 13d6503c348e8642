import { type FlowView, isFlowEnd } from '../../src/contract/index.ts';
import type { Store } from '../../src/store/store.ts';
import type { AuthGateway } from '../../src/temporal/auth/auth-gateway.ts';
import {
  type Delivery,
  EngineUnavailable,
  MessageRefused,
  TurnClosed,
} from '../../src/temporal/turn/turn-gateway.ts';
import { aFlowView, NO_QUESTION } from './auth-flows.ts';

/** One message that the API sent. */
export interface AuthSent {
  verb: keyof AuthGateway;
  args: readonly unknown[];
}

/** A gateway whose answers a test writes; begins with logins that ask for nothing yet and can be canceled. */
export interface ScriptedAuthGateway extends AuthGateway {
  /** Everything that was sent, in order. */
  sent: AuthSent[];
  /** Answers of the verbs from now on; `away` stands for an engine that does not answer. */
  script: Partial<AuthGateway>;
  /** Messages of one verb. */
  of<V extends keyof AuthGateway>(verb: V): Parameters<AuthGateway[V]>[];
}

export const away = async (): Promise<never> => {
  throw new EngineUnavailable('The engine does not answer.');
};

export const refuse = (code: MessageRefused['code']) => async (): Promise<never> => {
  throw new MessageRefused(code, 'The workflow refuses.');
};

export const closed = async (): Promise<never> => {
  throw new TurnClosed('The workflow is closed.');
};

/** What a workflow has answered. */
export const answered = <T>(result: T): Delivery<T> => ({ delivery: 'answered', result });

/** No worker has answered; the engine keeps the message. */
export const stored = async () => ({ delivery: 'accepted' }) as const;

/** Makes a gateway whose workflows know what is stored of their flows; one login at a time per connection. */
export function createScriptedAuthGateway({ auth }: Pick<Store, 'auth'>): ScriptedAuthGateway {
  const sent: AuthSent[] = [];
  const step = async (flowId: string, change: Partial<FlowView>): Promise<FlowView> => {
    const flow = await auth.flows.get(flowId);
    if (flow === undefined || isFlowEnd(flow.view.flow_status)) throw new TurnClosed('no such flow');
    return { ...flow.view, ...NO_QUESTION, ...change, revision: flow.view.revision + 1 };
  };
  const fallback: AuthGateway = {
    async login({ connectionId, flowId, hostedUrl }) {
      const [newest] = await auth.flows.ofConnection(connectionId, 1);
      if (newest !== undefined && !isFlowEnd(newest.view.flow_status)) {
        throw new MessageRefused('flow_in_progress', 'A login is in progress.');
      }
      return aFlowView({ flow_id: flowId, hosted_url: hostedUrl });
    },
    submit: async (flowId) => answered(await step(flowId, { flow_step: 'SUBMITTING' })),
    cancel: async (flowId) =>
      answered(await step(flowId, { flow_status: 'CANCELED', flow_step: 'COMPLETED' })),
    check: async () => undefined,
    ensure: async () => false,
    configured: async () => undefined,
    close: async () => undefined,
    stuck: async () => undefined,
    isOpen: async (flowId) => (await auth.flows.get(flowId))?.endedAt === undefined,
  };
  const verb =
    <V extends keyof AuthGateway>(name: V) =>
    async (...args: unknown[]): Promise<never> => {
      sent.push({ verb: name, args });
      const answer = { ...fallback, ...gateway.script }[name] as (...given: unknown[]) => unknown;
      return (await answer(...args)) as never;
    };
  const gateway: ScriptedAuthGateway = {
    sent,
    script: {},
    of: (name) => sent.filter((message) => message.verb === name).map(({ args }) => args as never),
    login: verb('login'),
    submit: verb('submit'),
    cancel: verb('cancel'),
    check: verb('check'),
    ensure: verb('ensure'),
    configured: verb('configured'),
    close: verb('close'),
    stuck: verb('stuck'),
    isOpen: verb('isOpen'),
  };
  return gateway;
}
