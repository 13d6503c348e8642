import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../environment.ts';

/** What a service of docker-compose.yml says about its process. */
export interface ComposeService {
  image?: string;
  environment: Record<string, string>;
  /** The script of a service that runs one. */
  command: string[];
  /** Files of the repository by their path in the container. */
  mounts: Record<string, string>;
}

/** Where a service of docker-compose.yml is reached outside of its containers. */
export interface Place {
  port: number;
  /** The port on which it listens in its container. */
  containerPort: number;
}

const LOOPBACK = '127.0.0.1';

/** The services of docker-compose.yml, its variables filled in as Compose does. */
export function readCompose(variables: Record<string, string>): Record<string, ComposeService> {
  const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
  const { services } = parse(text, { merge: true }) as { services: Record<string, RawService> };
  const fill = (value: string) =>
    value
      .replace(/\$\{(\w+)(?::(-|\?)([^}]*))?\}/g, (_all, name: string, kind?: string, rest = '') => {
        const known = variables[name];
        if (known === undefined && kind !== '-') throw new Error(`docker-compose.yml wants ${name}: ${rest}`);
        return known ?? rest;
      })
      .replaceAll('$$', '$');
  return Object.fromEntries(
    Object.entries(services).map(([name, { image, environment = {}, command = [], volumes = [] }]) => [
      name,
      {
        ...(image !== undefined && { image }),
        environment: Object.fromEntries(
          Object.entries(environment).map(([key, value]) => [key, fill(value)]),
        ),
        command: command.map(fill),
        mounts: Object.fromEntries(
          volumes
            .filter((volume) => volume.startsWith('./'))
            .map((volume) => volume.split(':'))
            .map(([source = '', target = '']) => [target, join(ROOT, source)]),
        ),
      },
    ]),
  );
}

interface RawService {
  image?: string;
  environment?: Record<string, string>;
  command?: string[];
  volumes?: string[];
}

/**
 * The environment of a service for a process on this machine: the same, but for where things are. Names of services
 * become loopback and their port, mounted files the repository's, and every address to listen on is loopback.
 */
export function environmentOf(
  { environment, mounts }: ComposeService,
  places: Record<string, Place>,
): Record<string, string> {
  // A user or a database may have the name of a service.
  const host = Object.entries(environment).find(([key]) => /(HOST|SEEDS)$/.test(key))?.[1];
  const moved = (key: string, value: string): string => {
    if (/(HOST|SEEDS|_IP)$/.test(key)) return LOOPBACK;
    if (/PORT$/.test(key) && host && places[host]) return String(places[host].port);
    return Object.entries(places).reduce(
      (text, [name, { port, containerPort }]) =>
        text.replace(
          new RegExp(`(^|[@/])${name}:${containerPort}\\b`),
          (_all, before) => `${before}${LOOPBACK}:${port}`,
        ),
      mounts[value] ?? value,
    );
  };
  return Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, moved(key, value)]));
}
