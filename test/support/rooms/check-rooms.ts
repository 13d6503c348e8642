import { findCycles } from './find-cycles.ts';
import type { Import, ImportGraph } from './read-imports.ts';
import {
  capabilityOf,
  isTooling,
  LISTS,
  MAY_IMPORT,
  ONLY_IN,
  PACKAGES,
  type Room,
  roomOf,
  SMALL_PARTS,
} from './rooms.ts';

/** Names of what makes a part that holds something: such are called in src/process only. */
const FACTORY = /^(?:create|open)[A-Z]/;

/** Rooms that take the contract's types only, so that zod does not run in workflows, or is not in a client's bundle. */
const TYPES_ONLY: readonly Room[] = ['core', 'workflows', 'client'];

/** What is wrong with the imports of a set of files, a line each: `file -> file: reason`. */
export function violationsOf(graph: ImportGraph): string[] {
  const found = [...graph].flatMap(([file, imports]) =>
    imports.flatMap((each) => {
      const reason = each.isRelative ? wrongFile(graph, file, each) : wrongPackage(file, each);
      return reason === undefined ? [] : [`${file} -> ${each.target}: ${reason}`];
    }),
  );
  const edges = new Map([...graph].map(([file, imports]) => [file, imports.map(({ target }) => target)]));
  const cycles = findCycles(edges).map((files) => `${files.join(' -> ')}: import each other`);
  return [...new Set([...found, ...cycles])].sort();
}

function wrongFile(graph: ImportGraph, file: string, { target, isType, values }: Import): string | undefined {
  if (isTooling(target)) return isTooling(file) ? undefined : 'is no part of the product';
  if (!target.endsWith('.ts')) return undefined;
  if (!graph.has(target)) return 'is no file';
  if (isTooling(file)) return undefined;
  const from = roomOf(file);
  const to = roomOf(target);
  if (from === undefined) return 'the importing file is in no room of the table';
  if (to === undefined) return 'the imported file is in no room of the table';
  if (to !== from && !(MAY_IMPORT[from] as readonly string[]).includes(to))
    return `${from} does not import ${to}`;
  if (TYPES_ONLY.includes(from) && to === 'contract' && !isType)
    return 'only types of the contract: zod is not to run there';
  return wrongCapability(file, target) ?? wrongFactory(from, to, values);
}

function wrongCapability(file: string, target: string): string | undefined {
  const capability = capabilityOf(target);
  const own = capabilityOf(file);
  if (capability === undefined || capability === own) return undefined;
  if (own !== undefined) return `${own} and ${capability} meet through ports, webhooks and notes`;
  if (roomOf(file) === 'process' || LISTS.includes(file)) return undefined;
  return `neither the kernel nor the platform imports ${capability}`;
}

function wrongFactory(from: Room, to: Room, values: string[]): string | undefined {
  if (from === to || from === 'process' || SMALL_PARTS.includes(to)) return undefined;
  const factory = values.find((name) => FACTORY.test(name));
  return factory && `${factory} is called in src/process only`;
}

function wrongPackage(file: string, { target: name, isType }: Import): string | undefined {
  const room = roomOf(file);
  if (room === undefined) return undefined;
  const allowed = PACKAGES[room];
  if (!isType && allowed && !allowed.includes(name))
    return `${room} imports ${allowed.join(', ') || 'no package'} only`;
  const bound = ONLY_IN.find(({ packages }) => packages.test(name));
  return bound && !bound.rooms.includes(room) ? `is imported in ${bound.rooms.join(', ')} only` : undefined;
}
