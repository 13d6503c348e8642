import { once } from 'node:events';
import { createServer } from 'node:net';
import { StartError } from './start-error.ts';

/** What a person is told where the API, or a worker, cannot listen. */
export function cannotListen(
  host: string,
  port: number,
  error: unknown,
  [who, prefix] = ['The API', 'LONGTURN'],
): StartError {
  const { code } = error as NodeJS.ErrnoException;
  return new StartError(
    `${who} cannot listen on ${host}:${port} (${code}). Stop what runs there, or set ${prefix}_PORT or ${prefix}_HOST.`,
    { cause: error },
  );
}

/** Makes sure, before anything is started or written, that the API will be able to listen. */
export async function assertPortFree(host: string, port: number): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  try {
    probe.listen({ host, port, exclusive: true });
    await once(probe, 'listening');
  } catch (error) {
    throw cannotListen(host, port, error);
  } finally {
    probe.close();
  }
}
