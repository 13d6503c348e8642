import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config.ts';
import { environmentOf, readCompose } from '../support/cluster/compose.ts';
import { pinnedServerVersion } from '../support/cluster/server-binaries.ts';
import { serviceOf } from '../support/cluster/temporal-cluster.ts';

interface Service {
  image?: string;
  ports?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: object;
  stop_grace_period?: string;
}

const ROOT = join(import.meta.dirname, '../..');
const file = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
const { services } = parse(file, { merge: true }) as { services: Record<string, Service> };
const filled = (text: string) =>
  text.replace(/\$\{\w+(?::-([^}]*)|:\?[^}]*)?\}/g, (_all, value = '') => value);

describe('docker-compose.yml', () => {
  it('lets only the API and the UI be reached, on loopback', () => {
    const open = Object.entries(services).flatMap(([name, { ports = [] }]) =>
      ports.map((port) => [name, port]),
    );
    expect(open).toEqual([
      ['temporal-ui', '127.0.0.1:8233:8080'],
      ['api', '127.0.0.1:8080:8080'],
    ]);
  });

  it.each(['api', 'worker'])('gives %s a configuration that is right', (name) => {
    const environment = Object.entries(services[name]?.environment ?? {});
    const env = Object.fromEntries(environment.map(([key, value]) => [key, filled(value)]));
    expect(loadConfig(env, '/')).toMatchObject({
      store: { kind: 'postgres' },
      engine: { kind: 'external', address: 'temporal:7233', namespace: 'default' },
    });
  });

  it('lets a worker drain for as long as it is configured to, before it is killed', () => {
    const drainMs = Number(filled(services['worker']?.environment?.['LONGTURN_DRAIN_MS'] ?? ''));
    const [, minutes] = /^(\d+)m$/.exec(services['worker']?.stop_grace_period ?? '') ?? [];
    expect(drainMs).toBe(600_000);
    expect(Number(minutes) * 60_000).toBeGreaterThan(drainMs + 7_000);
  });

  it('gives the server the same settings as the embedded engine', () => {
    const mounted = services['temporal']?.volumes?.[0]?.split(':');
    expect(mounted?.[0]).toBe('./engine/dynamic-config.yaml');
    expect(mounted?.[1]).toBe(services['temporal']?.environment?.['DYNAMIC_CONFIG_FILE_PATH']);
  });

  it('runs the server that the tests of a cluster build', () => {
    expect(services['temporal']?.image).toBe(`temporalio/server:${pinnedServerVersion()}`);
    expect(services['temporal-schema']?.image).toBe(`temporalio/admin-tools:${pinnedServerVersion()}`);
  });

  it('is moved to processes of one machine by its places alone', () => {
    const compose = readCompose({ POSTGRES_PASSWORD: 'one', LONGTURN_DB_PASSWORD: 'two' });
    const places = {
      'temporal-db': { port: 1001, containerPort: 5432 },
      'longturn-db': { port: 1002, containerPort: 5432 },
      temporal: { port: 1003, containerPort: 7233 },
    };
    const moved = (name: string) => environmentOf(serviceOf(compose, name), places);
    for (const name of ['api', 'worker']) {
      expect(moved(name)).toEqual({
        ...serviceOf(compose, name).environment,
        LONGTURN_STORE: 'postgres://longturn:two@127.0.0.1:1002/longturn',
        TEMPORAL_ADDRESS: '127.0.0.1:1003',
        // In its container a worker listens on every address, so that Prometheus reaches it.
        ...(name === 'worker' && { LONGTURN_WORKER_HOST: '127.0.0.1' }),
      });
    }
    expect(moved('temporal')).toEqual({
      ...serviceOf(compose, 'temporal').environment,
      DB_PORT: '1001',
      POSTGRES_SEEDS: '127.0.0.1',
      POSTGRES_PWD: 'one',
      BIND_ON_IP: '127.0.0.1',
      DYNAMIC_CONFIG_FILE_PATH: join(ROOT, 'engine/dynamic-config.yaml'),
    });
    expect(moved('temporal-schema')).toMatchObject({
      SQL_HOST: '127.0.0.1',
      SQL_PORT: '1001',
      SQL_USER: 'temporal',
    });
    expect(serviceOf(compose, 'temporal-schema').command[0]).toContain(
      '--database $database create-database',
    );
    expect(() => readCompose({})).toThrow('docker-compose.yml wants');
  });

  it('waits for services that are there, and for health only where there is a health check', () => {
    for (const { depends_on = {} } of Object.values(services)) {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        expect(services[name]).toBeDefined();
        if (condition === 'service_healthy') expect(services[name]?.healthcheck).toBeDefined();
      }
    }
  });
});
