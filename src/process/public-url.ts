import type { Config } from '../config.ts';

/** Where people reach the API, without a slash at the end: as configured, else where it listens. */
export function publicUrlOf({ publicUrl, host, port }: Config, listensAt?: number): string {
  if (publicUrl !== undefined) return publicUrl;
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${listensAt ?? port}`;
}
