import type { Answers } from './answers.ts';
import { fillPath, OPERATIONS, type OperationId, type PathOf, queryOf } from './operations.ts';
import type { RequestOptions, Transport } from './transport.ts';
import type { OffsetPage } from './types.ts';

/** What an operation is sent, beside what stands in its path. */
export interface Given {
  query?: object | undefined;
  body?: unknown;
  headers?: Readonly<Record<string, string>> | undefined;
}

/** Calls operations by their ids. */
export interface Caller {
  readonly transport: Transport;
  /** What is answered. Throws {@link ApiError} for what is no success. */
  call<Id extends OperationId>(
    id: Id,
    path: PathOf<Id>,
    options?: RequestOptions,
    given?: Given,
  ): Promise<Answers[Id]>;
  /** The same of a list of managed auth, whose next page is told in headers. */
  page<Id extends OperationId>(
    id: Id,
    path: PathOf<Id>,
    options?: RequestOptions,
    given?: Given,
  ): Promise<OffsetPage<Answers[Id] extends (infer Item)[] ? Item : never>>;
}

export function createCaller(transport: Transport): Caller {
  const send = <Id extends OperationId>(
    id: Id,
    path: PathOf<Id>,
    options: RequestOptions = {},
    { query, body, headers }: Given = {},
  ) => {
    const { method, isRepeatable } = OPERATIONS[id];
    const mayRepeat = isRepeatable || headers?.['idempotency-key'] !== undefined;
    return transport.send({ method, path: addressOf(id, path, query), body, headers }, mayRepeat, options);
  };

  return {
    transport,
    async call(id, path, options, given) {
      const { body } = await send(id, path, options, given);
      return (body === '' ? undefined : body) as Answers[typeof id];
    },
    async page(id, path, options, given) {
      const { body, headers } = await send(id, path, options, given);
      const next = Number(headers.get('x-next-offset') ?? 0);
      return { items: body as never, ...(next > 0 && { nextOffset: next }) };
    },
  };
}

/** Where an operation is, with its query. */
export function addressOf<Id extends OperationId>(id: Id, path: PathOf<Id>, query: object = {}): string {
  return fillPath(OPERATIONS[id].path, path) + queryOf(query);
}
