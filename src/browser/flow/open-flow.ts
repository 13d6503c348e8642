import type { Flow } from './flow.ts';
import type { Leave } from './places.ts';

/** How a context ended. */
export type FlowEnd = 'closed' | 'crashed';

/** What watchers of a context are told: its end; or `wanted`, while it is open: another login needs the room. */
export type FlowNews = FlowEnd | 'wanted';

type Tell = (news: FlowNews) => void;

/** A flow whose context is open, and what goes on with it. */
export interface OpenFlow {
  readonly flow: Flow;
  readonly leave: Leave;
  /** Calls that are using it. */
  users: number;
  readonly watchers: Set<Tell>;
  /** It was asked to give way and has not been used since. */
  isAsked: boolean;
  idleTimer?: NodeJS.Timeout;
}

export function openFlow(flow: Flow, leave: Leave): OpenFlow {
  return { flow, leave, users: 0, watchers: new Set(), isAsked: false };
}

export function tell({ watchers }: OpenFlow, news: FlowNews): void {
  for (const each of [...watchers]) each(news);
}

/** Asks so many flows to give way: those that have been open for the longest, are watched, and not at work. */
export function askForRoom(flows: Iterable<OpenFlow>, needed: number): void {
  const all = [...flows];
  const asked = all.filter(({ isAsked }) => isAsked).length;
  const idle = all.filter(({ users, watchers, isAsked }) => users === 0 && watchers.size > 0 && !isAsked);
  for (const each of idle.slice(0, Math.max(needed - asked, 0))) {
    each.isAsked = true;
    tell(each, 'wanted');
  }
}
