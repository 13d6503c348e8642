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
  profiles?: string[];
  user?: string;
  cap_drop?: string[];
  cap_add?: string[];
  privileged?: boolean;
  security_opt?: string[];
  read_only?: boolean;
  tmpfs?: string[];
  pids_limit?: number;
  mem_limit?: string;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: object;
  stop_grace_period?: string;
}

const ROOT = join(import.meta.dirname, '../..');
const file = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
const { services } = parse(file, { merge: true }) as { services: Record<string, Service> };
const everyService = Object.entries(services);
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
    const version = pinnedServerVersion();
    expect(services['temporal']?.image).toMatch(`temporalio/server:${version}@sha256:`);
    expect(services['temporal-schema']?.image).toMatch(`temporalio/admin-tools:${version}@sha256:`);
  });

  it.each(everyService)(
    'gives %s no capability, no way to more rights, and a user that is not root',
    (_name, service) => {
      expect(service.cap_drop).toEqual(['ALL']);
      expect(service.cap_add).toBeUndefined();
      expect(service.privileged).toBeUndefined();
      expect(service.security_opt).toContain('no-new-privileges:true');
      expect(service.security_opt?.join()).not.toContain('unconfined');
      expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    },
  );

  it.each(everyService)('bounds what %s may take of the host', (_name, service) => {
    expect(service.pids_limit).toBeGreaterThan(0);
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
    expect(service.tmpfs?.some((mount) => /^\/tmp:.*\bsize=\d+m\b/.test(mount))).toBe(true);
  });

  it.each(everyService.filter(([name]) => name !== 'temporal-ui'))(
    'lets %s change nothing of its image',
    (_name, service) => {
      expect(service.read_only).toBe(true);
    },
  );

  it('starts an image that can change itself, or has no digest, only where it is asked for', () => {
    const loose = everyService.filter(([, { read_only, image = '' }]) => {
      return read_only !== true || !(image.includes('@sha256:') || image === 'longturn');
    });
    expect(loose.map(([name, { profiles }]) => [name, profiles])).toEqual([['temporal-ui', ['ui']]]);
  });

  it('shows the admin token to the API alone, and the keys of models to the worker alone', () => {
    const having = (what: (service: Service) => boolean) =>
      everyService.filter(([, service]) => what(service)).map(([name]) => name);
    const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
    const tokenFile = /LONGTURN_TOKEN_FILE=(\S+)/.exec(dockerfile)?.[1] ?? '';
    const target = (volume: string) => volume.split(':')[1] ?? '';
    const seesToken = ({ image, volumes = [] }: Service) =>
      image === 'longturn' && volumes.some((volume) => tokenFile.startsWith(`${target(volume)}/`));
    expect(having(seesToken)).toEqual(['api']);
    const names = ({ environment = {} }: Service) => Object.keys(environment);
    expect(having((service) => names(service).some((name) => name.endsWith('_API_KEY')))).toEqual(['worker']);
    const seesEngineDatabase = ({ environment = {} }: Service) =>
      Object.values(environment).some((value) => value.includes('${POSTGRES_PASSWORD'));
    expect(having(seesEngineDatabase)).toEqual(['temporal-db', 'temporal-schema', 'temporal']);
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
