import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { sha256Hex } from '../digest.ts';
import type { AgentStore } from '../store/store.ts';
import type { FieldProblem } from '../tools/schema-problems.ts';
import type { DefinitionContext } from './check-definition.ts';
import { decodeDefinition } from './decode-definition.ts';
import { agentName, parseDefinition } from './definition-file.ts';

export interface ImportDeps {
  /** Folder of the definition files; the others in it and its subfolders are passed over. */
  dir: string;
  store: AgentStore;
  /** Names of the tools that this server executes. */
  toolNames: string[];
  schemas: DefinitionContext['schemas'];
  frontMatterMs?: DefinitionContext['frontMatterMs'];
  log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Default: the system's clock. */
  now?: () => Date;
}

/** What became of the definition files, by file name. */
export interface ImportReport {
  imported: string[];
  unchanged: string[];
  refused: { file: string; problems: FieldProblem[] }[];
  /** Agents whose files are gone, by name. */
  retired: string[];
}

const MAX_FILE_BYTES = 1_048_576;

/**
 * Takes over the agents' definition files that are new or have changed, and retires the agents whose files are gone. A bad file
 * is logged with every problem, and the definition before it stays in force. A folder that cannot be read is a warning, and
 * retires nobody. Throws what the store throws.
 */
export async function importDefinitions(deps: ImportDeps): Promise<ImportReport> {
  const report: ImportReport = { imported: [], unchanged: [], refused: [], retired: [] };
  const files = await definitionFiles(deps);
  for (const file of files ?? []) await importFile(file, deps, report);
  if (files) report.retired = await retire(files, deps);
  return report;
}

async function retire(
  files: string[],
  { store, log, now = () => new Date() }: ImportDeps,
): Promise<string[]> {
  const retired = await store.retireFiles(files.map(agentName), now().toISOString());
  for (const agent of retired) log.warn({ agent }, 'agent retired: its definition file is gone');
  return retired;
}

async function definitionFiles({ dir, log }: ImportDeps): Promise<string[] | undefined> {
  try {
    const entries = await readdir(dir);
    return entries.filter((name) => /^[^.].*\.md$/i.test(name) && !/^readme\.md$/i.test(name)).sort();
  } catch (error) {
    log.warn({ dir, error: messageOf(error) }, 'no agent definition files: the folder cannot be read');
    return undefined;
  }
}

async function importFile(file: string, deps: ImportDeps, report: ImportReport): Promise<void> {
  const { dir, store, toolNames, schemas, frontMatterMs, log, now = () => new Date() } = deps;
  const refuse = (problems: FieldProblem[]): void => {
    report.refused.push({ file, problems });
    log.error({ file, problems }, 'agent definition refused; the one before it stays in force');
  };
  const source = await readDefinition(join(dir, file));
  if ('problem' in source) return refuse([source.problem]);
  const parsed = await parseDefinition(source.text, file, {
    toolNames,
    schemas,
    ...(frontMatterMs !== undefined && { frontMatterMs }),
  });
  if (!parsed.ok) return refuse(parsed.problems);
  const digest = `sha256:${sha256Hex(source.text)}`;
  const at = now().toISOString();
  const taken = await store.importFile(parsed.definition, digest, at, source.changedAt);
  (taken ? report.imported : report.unchanged).push(file);
  if (taken) log.info({ file, agent: parsed.definition.name }, 'agent definition taken over');
}

type Source = { text: string; changedAt: string } | { problem: FieldProblem };

async function readDefinition(path: string): Promise<Source> {
  try {
    const info = await stat(path);
    // Reading a pipe or a device may never end.
    if (!info.isFile()) return { problem: { path: '', message: 'is not a regular file' } };
    const { size, ctime } = info;
    if (size > MAX_FILE_BYTES)
      return { problem: { path: '', message: `is larger than ${MAX_FILE_BYTES} bytes` } };
    const decoded = decodeDefinition(await readFile(path));
    if ('problem' in decoded) return { problem: { path: '', message: decoded.problem } };
    return { text: decoded.text, changedAt: ctime.toISOString() };
  } catch (error) {
    return { problem: { path: '', message: `cannot be read: ${messageOf(error)}` } };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
