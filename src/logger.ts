import { Writable } from 'node:stream';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type { LogLevel } from './config-schema.ts';

const SECRET_KEYS = [
  'authorization',
  'cookie',
  'set-cookie',
  'token',
  'secret',
  'apiKey',
  'api_key',
  'password',
];

const REDACTED_PATHS = SECRET_KEYS.map((key) => `["${key}"]`).flatMap((key) => [key, `*${key}`, `*.*${key}`]);

export interface LoggerOptions {
  level: LogLevel;
  /** One readable line an entry instead of JSON. Default false. */
  pretty?: boolean;
  /** Default: standard output. */
  destination?: DestinationStream;
}

/** A logger that writes JSON lines with ISO time; values under names of secrets are replaced, three levels deep. */
export function createLogger({ level, pretty = false, destination }: LoggerOptions): Logger {
  const target = destination ?? pino.destination({ dest: 1, sync: true });
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
    },
    pretty ? readable(target) : target,
  );
}

function readable(target: DestinationStream): DestinationStream {
  return new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      target.write(toReadableLine(line));
      done();
    },
  });
}

function toReadableLine(line: string): string {
  const { level, time, pid: _pid, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const fields = Object.entries(rest).map(([key, value]) => ` ${key}=${printed(value)}`);
  const stack = isErrorLike(err) ? `\n    ${err.stack}` : '';
  return `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${msg ?? ''}${fields.join('')}${stack}\n`;
}

const printed = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

const isErrorLike = (value: unknown): value is { stack: string } =>
  typeof value === 'object' && value !== null && 'stack' in value;
