import type { CatalogueTool, JsonObject } from '../contract/index.ts';
import type { Notes } from '../notes/note-store.ts';
import type { WaiterStore } from '../store/store.ts';
import { createBrowserProfile } from './browser-profile.ts';
import { createHttpFetch } from './http-fetch.ts';
import { createListFiles } from './list-files.ts';
import type { LoginState } from './profile/login-state.ts';
import { createReadFile } from './read-file.ts';
import { createRunCommand } from './run-command.ts';
import { createSearchFiles } from './search-files.ts';
import { createSearchNotes } from './search-notes.ts';
import type { Tool, ToolRegistry } from './tool.ts';
import { createWriteFile } from './write-file.ts';
import { createWriteNote } from './write-note.ts';
import { z } from 'zod';

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin';

export interface ToolRegistryDeps {
  notes: Notes;
  auth: LoginState;
  waiters: Pick<WaiterStore, 'add' | 'remove'>;
  /** How often `browser_profile` looks unwoken at a connection that it waits for, in milliseconds. Default 60,000. */
  profileLookMs?: number;
  /** `host:port` of addresses that are not public and that `http_fetch` may reach all the same. */
  httpFetchAllow: string[];
  /** Default: the system's clock. */
  now?: () => Date;
  /** Where `bwrap` is looked for, in the form of `PATH`. Default: the usual system folders. */
  searchPath?: string;
}

/** The built-in tools. */
export function createToolRegistry({
  notes,
  auth,
  waiters,
  profileLookMs = 60_000,
  httpFetchAllow,
  now = () => new Date(),
  searchPath = SYSTEM_PATH,
}: ToolRegistryDeps): ToolRegistry {
  const builtIn = [
    createReadFile(),
    createWriteFile(),
    createListFiles(),
    createSearchFiles(),
    createHttpFetch({ allow: httpFetchAllow }),
    createRunCommand({ searchPath }),
    createWriteNote({ notes, now }),
    createSearchNotes({ notes }),
    createBrowserProfile({ auth, waiters, now, lookMs: profileLookMs }),
  ];
  const tools = new Map(builtIn.map((tool) => [tool.name, tool]));
  const catalogue = new Map(builtIn.map((tool) => [tool.name, catalogueEntry(tool)]));
  return {
    names: () => [...tools.keys()],
    get: (name) => tools.get(name),
    describe: (name) => catalogue.get(name),
  };
}

function catalogueEntry({
  name,
  description,
  input,
  subjects,
  idempotent,
  gate,
  timeoutMs,
}: Tool): CatalogueTool {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { target: 'draft-2020-12', io: 'input' });
  return {
    name,
    description,
    inputSchema: schema as JsonObject,
    locus: 'server',
    idempotent,
    gate,
    timeoutMs,
    ...(subjects && { subjects }),
  };
}
