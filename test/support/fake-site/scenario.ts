import type { Reply } from './reply.ts';
import type { Visit } from './visit.ts';

/** Answers one kind of request. */
export type Handler = (visit: Visit) => Reply | Promise<Reply>;

/** Handlers by method and path below the scenario's prefix. */
export type Routes = Record<`${'GET' | 'POST'} /${string}`, Handler>;

/** One way in which sites let people log in. */
export interface Scenario {
  name: string;
  /** What is special about it, in one line for people. */
  summary: string;
  /** Where the login form is, below the prefix; default `/login`. */
  loginPath?: string;
  routes: Routes;
}
