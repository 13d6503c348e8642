import type { Config } from '../config.ts';

/** The address of a host, which may be an IPv6 one, and a port. */
export function addressOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Where people reach the API, without a slash at the end: as configured, else where it listens. */
export function publicUrlOf({ publicUrl, host, port }: Config, listensAt?: number): string {
  if (publicUrl !== undefined) return publicUrl;
  return addressOf(host === '0.0.0.0' || host === '::' ? 'localhost' : host, listensAt ?? port);
}
