import { isIP } from 'node:net';
import { z } from 'zod';
import { parseEncryptionKeys } from './secrets/encryption-keys.ts';

const HOST_NAME = /^(?!-)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.?$/;
const HOST_AND_PORT = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/;

/** Where rows are kept: the SQLite file of the data folder, or a PostgreSQL database. */
type StoreSetting = { kind: 'sqlite' } | { kind: 'postgres'; url: string };

/** A whole number from `min` to `max`; `right` says what would be right. */
export const wholeNumber = (min: number, max: number, right: string) =>
  z.string().transform((text, context) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    context.addIssue({ code: 'custom', message: `is ${JSON.stringify(text)}; ${right}` });
    return z.NEVER;
  });

const PORT_RULE = 'must be a port from 1 to 65535, or 0 for any free one, such as 8080';
/** A port, or 0 for any free one. */
export const port = () => wholeNumber(0, 65_535, PORT_RULE);

/** A time in milliseconds of a day at most. */
export const milliseconds = (min: number) =>
  wholeNumber(min, 86_400_000, `must be milliseconds, a whole number from ${min} to 86400000 (a day)`);

/** Whether a text is a host name or an IP address, without a port. */
export const isHost = (text: string) => isIP(text) !== 0 || HOST_NAME.test(text);

/** Whether a text is `host:port`. */
export const isHostAndPort = (text: string) => {
  const digits = HOST_AND_PORT.exec(text)?.[1];
  return digits !== undefined && Number(digits) >= 1 && Number(digits) <= 65_535;
};

/** A problem that repeats the value; never for one that may hold a secret. */
export const quoted = (right: string) => ({
  error: ({ input }: { input?: unknown }) => `is ${JSON.stringify(input)}; ${right}`,
});

/** A switch: `on` or `off`. */
export const onOff = (initially: 'on' | 'off') =>
  z.enum(['on', 'off'], quoted('must be on or off')).prefault(initially);

/** The address of an HTTP API. */
export const httpUrl = () =>
  z
    .string()
    .refine(
      (text) => /^https?:\/\//.test(text) && URL.canParse(text),
      quoted('must be an http:// or https:// address, such as https://models.example.com/v1'),
    );

/** The address at which people reach this installation, without a slash at its end. */
export const publicUrl = () =>
  z
    .string()
    .refine((text) => {
      const url = /^https?:\/\//.test(text) ? URL.parse(text) : null;
      return url !== null && !/[?#]/.test(text) && url.username === '' && url.password === '';
    }, 'must be an http:// or https:// address without user, query and fragment, such as https://longturn.example.com')
    .transform((text) => text.replace(/\/+$/, ''));

/** {@link StoreSetting} */
export const store = () =>
  z.string().transform((text, context): StoreSetting => {
    if (text === 'sqlite') return { kind: 'sqlite' };
    if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) return { kind: 'postgres', url: text };
    // The value may hold a password: it is not repeated.
    const message = 'must be sqlite, or postgres://user:password@host:5432/database';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

/** Divides a list by commas and white space; `problemOf` says what is wrong with an entry. */
const list = (problemOf: (entry: string) => string | undefined) =>
  z.string().transform((text, context) => {
    const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
    for (const entry of entries) {
      const problem = problemOf(entry);
      if (problem)
        context.addIssue({ code: 'custom', message: `names ${JSON.stringify(entry)}; ${problem}` });
    }
    return entries.map((entry) => entry.toLowerCase());
  });

const HOSTS_RULE = 'must be host:port, several divided by commas, such as 127.0.0.1:9000,wiki.lan:80';
/** Entries `host:port`, in lower case. */
export const hostAndPortList = () => list((entry) => (isHostAndPort(entry) ? undefined : HOSTS_RULE));

const ORIGINS_RULE =
  'must be origins without a path, divided by commas, such as https://app.example.com,http://localhost:3000';
/** Origins as a browser sends them. `*` is refused: a page from anywhere could answer a login. */
export const originList = () =>
  list((entry) => {
    if (entry === '*')
      return 'every origin is not offered; name those whose pages may call, such as https://app.example.com';
    const isOrigin = /^https?:\/\//i.test(entry) && URL.parse(entry)?.origin === entry.toLowerCase();
    return isOrigin ? undefined : ORIGINS_RULE;
  });

/** Keys of encryption; the problems never repeat what was given. */
export const encryptionKeys = () =>
  z.string().transform((text, context) => {
    const parsed = parseEncryptionKeys(text);
    for (const message of parsed.problems) context.addIssue({ code: 'custom', message });
    return parsed.problems.length === 0 ? parsed.keys : z.NEVER;
  });

const KEPT = ['transcripts', 'ledger', 'deltas', 'notes'] as const;
const RETENTION_RULE = `must be days by kind (${KEPT.join(', ')}), from 1 to 36500, such as transcripts=90,ledger=30`;
type RetentionDays = { [K in (typeof KEPT)[number]]?: number };

/** Days by kind: `transcripts=90,ledger=30`. */
export const retention = () =>
  z.string().transform((text, context): RetentionDays => {
    const days: RetentionDays = {};
    for (const entry of text.split(/[\s,]+/).filter((part) => part !== '')) {
      const [, name, count] = /^([a-z]+)=(\d{1,5})$/.exec(entry) ?? [];
      const kind = KEPT.find((known) => known === name);
      const isTwice = kind !== undefined && days[kind] !== undefined;
      if (kind === undefined || isTwice || Number(count) < 1 || Number(count) > 36_500) {
        const problem = isTwice ? `names ${kind} twice` : `names ${JSON.stringify(entry)}`;
        context.addIssue({ code: 'custom', message: `${problem}; ${RETENTION_RULE}` });
        continue;
      }
      days[kind] = Number(count);
    }
    return days;
  });
