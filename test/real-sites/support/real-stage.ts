import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type AuthClient, createAuthClient } from '../../support/auth-client.ts';
import { type System, startSystem } from '../../support/system.ts';
import { type Django, startDjango } from './django.ts';
import { type Keycloak, startKeycloak } from './keycloak.ts';

/** A running system and what a test asks of it. */
export interface RealSystem {
  readonly system: System;
  readonly auth: AuthClient;
  /** Stores a credential for a site; returns its name. */
  credential(origin: string, values: Record<string, string>, more?: Record<string, unknown>): Promise<string>;
  /** What is stored of a flow's page that was put away; undefined where none is. */
  parkedPage(flowId: string): string | undefined;
}

/** The sites, and two systems whose browsers may reach them. */
export interface RealStage extends AsyncDisposable {
  readonly keycloak: Keycloak;
  readonly django: Django;
  /** Puts pages away as it does by default, after a minute. */
  readonly usual: RealSystem;
  /** Puts every page away after half a second. */
  readonly parking: RealSystem;
}

/** Starts everything at once. */
export async function startRealStage(): Promise<RealStage> {
  await using started = new AsyncDisposableStack();
  const keep = async <T extends AsyncDisposable>(starting: Promise<T>) => started.use(await starting);
  const sites = [keep(startKeycloak()), keep(startDjango())] as const;
  await Promise.allSettled(sites);
  const [keycloak, django] = [await sites[0], await sites[1]];
  const allow = [keycloak.origin, keycloak.partnerOrigin, django.origin].map(hostOf).join(',');
  const env = { LONGTURN_BROWSER_ALLOW: allow, LONGTURN_RATE_LIMIT: '0' };
  const systems = [
    keep(startSystem({ env })),
    keep(startSystem({ env: { ...env, LONGTURN_AUTH_PARK_AFTER_MS: '500' } })),
  ] as const;
  await Promise.allSettled(systems);
  const [usual, parking] = [createReal(await systems[0]), createReal(await systems[1])];
  const all = started.move();
  return { keycloak, django, usual, parking, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** `localhost:8080` */
export function hostOf(url: string): string {
  return new URL(url).host;
}

/** A running system, in the words of a test. */
export function createReal(system: System): RealSystem {
  const auth = createAuthClient(system.baseUrl, system.token);
  let count = 0;
  return {
    system,
    auth,
    async credential(origin, values, more = {}) {
      count += 1;
      const name = `stored-${count}`;
      const body = { name, domain: hostOf(origin), values, ...more };
      const answer = await auth.http.post('/credentials', body);
      if (answer.status !== 201) throw new Error(`credential: ${answer.status} ${answer.text}`);
      return name;
    },
    parkedPage(flowId) {
      const database = new DatabaseSync(join(system.dataDir, 'longturn.db'), { readOnly: true });
      try {
        const row = database.prepare('SELECT * FROM auth_parked WHERE flow_id = ?').get(flowId);
        return row && JSON.stringify(row);
      } finally {
        database.close();
      }
    },
  };
}
