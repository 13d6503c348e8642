import { z } from 'zod';
import { upToPattern } from './documented.ts';

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A JSON object, such as the input of a tool call. */
export type JsonObject = { [key: string]: Json };

export const JsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json()) as z.ZodType<JsonObject>;

/** An ISO 8601 instant in UTC. */
export const Instant = z.iso.datetime().describe('ISO 8601 instant in UTC.');

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration as people write it: `500ms`, `30s`, `15m`, `24h`, `7d`. */
export const Duration = z
  .string()
  .regex(/^[1-9]\d{0,8}(ms|s|m|h|d)$/, {
    error: 'must be a duration such as 30s, 15m, 24h or 7d',
    abort: true,
  })
  .refine((duration) => durationMs(duration) <= 366 * UNIT_MS.d, 'must be at most 366d')
  .meta({
    pattern: `^([1-9]\\d{0,8}ms|${(['s', 'm', 'h', 'd'] as const)
      .map((unit) => upToPattern((366 * UNIT_MS.d) / UNIT_MS[unit]) + unit)
      .join('|')})$`,
    description: 'A duration: 500ms, 30s, 15m, 24h, 7d; at most 366d.',
  });

/** `sha256:` and 64 hexadecimal digits of a value's canonical JSON (RFC 8785). */
export const Digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .describe('SHA-256 of the canonical JSON.');

/** Milliseconds in a {@link Duration}. */
export function durationMs(duration: string): number {
  const unit = duration.endsWith('ms') ? 'ms' : (duration.slice(-1) as keyof typeof UNIT_MS);
  return Number.parseInt(duration, 10) * UNIT_MS[unit];
}
