import { execFile } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import net from 'node:net';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { cleanEnv, ROOT } from '../environment.ts';
import { HopelessError, poll } from '../poll.ts';
import { type Child, freePort, gone, killTree, startProcess } from '../processes.ts';
import { type ComposeService, environmentOf, type Place } from './compose.ts';
import { ensureServerBinaries, type ServerBinaries } from './server-binaries.ts';

const run = promisify(execFile);

/**
 * The processes of the Temporal server: what docker-compose.yml runs in one, apart, so that the history service of one
 * host can die alone. The two history hosts share the shards.
 */
export const TEMPORAL_PROCESSES = {
  history1: ['history'],
  history2: ['history'],
  front: ['frontend', 'matching', 'worker'],
} as const;
export type TemporalProcess = keyof typeof TEMPORAL_PROCESSES;

/** A Temporal cluster on PostgreSQL, made and run as docker-compose.yml says. */
export interface TemporalCluster extends AsyncDisposable {
  /** `host:port` of gRPC. */
  readonly address: string;
  pid(name: TemporalProcess): number;
  /** `kill -9`; returns when it is gone. */
  kill9(name: TemporalProcess): Promise<void>;
  start(name: TemporalProcess): Promise<void>;
  tails(): string;
}

/** Makes schema and namespace with the scripts of docker-compose.yml, and starts the server. `folder` is a scratch folder. */
export async function startTemporalCluster(
  folder: string,
  services: Record<string, ComposeService>,
  places: Record<string, Place>,
): Promise<TemporalCluster> {
  const binaries = await ensureServerBinaries();
  const script = await scriptRunner(folder, binaries, services, places);
  await script('temporal-schema');
  const environment = environmentOf(serviceOf(services, 'temporal'), places);
  const port = places['temporal']?.port ?? 0;
  const children = new Map<TemporalProcess, Child>();
  const envs = new Map<TemporalProcess, NodeJS.ProcessEnv>();
  for (const name of processNames()) {
    envs.set(name, cleanEnv({ ...environment, ...(await portsOf(name, port)), LOG_LEVEL: 'warn' }));
  }
  const child = (name: TemporalProcess): Child => {
    const found = children.get(name);
    if (!found) throw new Error(`${name} was not started`);
    return found;
  };
  const tails = () =>
    [...children].map(([name, each]) => `--- ${name}\n${lastLines(each.output())}`).join('\n');
  const start = async (name: TemporalProcess) => {
    const env = envs.get(name) ?? {};
    const roles = TEMPORAL_PROCESSES[name].flatMap((service) => ['--service', service]);
    children.set(
      name,
      startProcess(binaries.server, ['--allow-no-auth', 'start', ...roles], { cwd: folder, env }),
    );
    await poll(
      async () => {
        if (!child(name).isRunning()) throw new HopelessError(`${name} has ended:\n${tails()}`);
        return accepts(Number(env[name === 'front' ? 'FRONTEND_GRPC_PORT' : 'HISTORY_GRPC_PORT']));
      },
      { what: `${name} listens`, timeoutMs: 60_000, explain: tails },
    );
  };
  const cluster: TemporalCluster = {
    address: `127.0.0.1:${port}`,
    pid: (name) => child(name).pid,
    async kill9(name) {
      const { pid, exited } = child(name);
      killTree(pid);
      await exited;
      await gone(pid);
    },
    start,
    tails,
    async [Symbol.asyncDispose]() {
      for (const [name, each] of children) if (each.isRunning()) await cluster.kill9(name);
    },
  };
  try {
    // In turn: of several that meet an empty database at once, one can lose the race to fill it, and ends.
    for (const name of processNames()) await start(name);
    // As Compose's `restart: on-failure` does: the services have to find each other first.
    await poll(() => script('temporal-namespace'), {
      what: 'the namespace is there',
      timeoutMs: 60_000,
      everyMs: 250,
      explain: tails,
    });
    return cluster;
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}

const processNames = () => Object.keys(TEMPORAL_PROCESSES) as TemporalProcess[];

/** The service of that name, which must be there. */
export function serviceOf(services: Record<string, ComposeService>, name: string): ComposeService {
  const service = services[name];
  if (!service) throw new Error(`docker-compose.yml has no service ${name}.`);
  return service;
}

/** Runs the script of a service with the programs of its image on the path. */
async function scriptRunner(
  folder: string,
  binaries: ServerBinaries,
  services: Record<string, ComposeService>,
  places: Record<string, Place>,
): Promise<(service: string) => Promise<boolean>> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await symlink(binaries.sqlTool, join(bin, 'temporal-sql-tool'));
  await symlink(binaries.cli, join(bin, 'temporal'));
  return async (name) => {
    const service = serviceOf(services, name);
    const path = `${bin}${delimiter}${process.env['PATH'] ?? ''}`;
    const env = cleanEnv({ ...environmentOf(service, places), PATH: path, HOME: folder });
    await run('/bin/sh', ['-ec', ...service.command], { cwd: ROOT, env, timeout: 60_000 });
    return true;
  };
}

/** Ports of its own for each service of a process: in containers each has an address of its own instead. */
async function portsOf(name: TemporalProcess, frontendPort: number): Promise<Record<string, string>> {
  const ports: Record<string, string> = { FRONTEND_GRPC_PORT: String(frontendPort) };
  for (const service of TEMPORAL_PROCESSES[name]) {
    const prefix = service.toUpperCase();
    ports[`${prefix}_MEMBERSHIP_PORT`] = String(await freePort());
    if (service === 'frontend') ports['FRONTEND_HTTP_PORT'] = String(await freePort());
    else ports[`${prefix}_GRPC_PORT`] = String(await freePort());
  }
  return ports;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    const answer = (is: boolean) => () => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', answer(true)).once('error', answer(false));
  });
}

function lastLines(output: string): string {
  return output
    .trimEnd()
    .split('\n')
    .slice(-8)
    .map((line) => line.slice(0, 300))
    .join('\n');
}
