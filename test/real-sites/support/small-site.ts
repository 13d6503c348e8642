import type { SiteUser } from './keycloak-users.ts';

/** A running site with one way in: a form for a user name and a password. */
export interface SmallSite extends AsyncDisposable {
  /** `Apache Airflow 3.3.2` */
  name: string;
  /** `http://localhost:<port>` */
  origin: string;
  /** Where a login begins. */
  loginUrl: string;
  user: Pick<SiteUser, 'username' | 'password'>;
  /** How many login forms it was sent so far, good or bad. */
  loginPosts(): number;
  /** How many it is sent for one that it refuses. */
  postsOfRefusal: number;
  /** What its complaint says. */
  complaint: RegExp;
}

export const ADA = { username: 'ada', password: 'ada-Pa55-word' } as const;

/** How often something stands in a text. */
export function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}
