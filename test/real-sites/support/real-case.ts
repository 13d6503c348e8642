import type { RealStage } from './real-stage.ts';

/** Cases of one lane run one after another, so that what its site was sent meanwhile is one case's. */
export type Lane = 'demo' | 'other' | 'first' | 'django';

/** One flow on one site, a row of the table of results. */
export interface RealCase {
  lane: Lane;
  /** `Keycloak, username first` */
  site: string;
  /** `wrong password, then the right one` */
  flow: string;
  /** How many login forms the site must be sent, neither more nor fewer. */
  posts: number;
  /** Throws where something is not as it should be; returns the result in a few words. */
  run(stage: RealStage): Promise<string>;
}

/** How many login forms a lane's site was sent so far. */
export function postsOf({ keycloak, django }: RealStage, lane: Lane): number {
  if (lane === 'django') return django.loginPosts();
  return keycloak.loginPosts(lane) + (lane === 'demo' ? keycloak.loginPosts('partner') : 0);
}

/** The first case of each lane, then the second of each, and so on: lanes go forward side by side. */
export function interleaved(cases: readonly RealCase[]): RealCase[] {
  const places = new Map<Lane, number>();
  return cases
    .map((one) => {
      const place = places.get(one.lane) ?? 0;
      places.set(one.lane, place + 1);
      return { one, place };
    })
    .toSorted((a, b) => a.place - b.place)
    .map(({ one }) => one);
}
