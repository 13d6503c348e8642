import type { IncomingMessage, ServerResponse } from 'node:http';
import { startHttpServer, type TestServer } from './http-server.ts';

export interface ConnectField {
  id?: string;
  type: string;
  purpose?: string;
  label?: string;
  value?: string;
}
export interface ConnectItem {
  id: string;
  title: string;
  urls?: { primary?: boolean; href: string }[];
  fields: ConnectField[];
}
export interface ConnectVault {
  id: string;
  name: string;
  items: ConnectItem[];
}

/** A server that speaks the part of 1Password's Connect API that reads vaults and items. */
export interface FakeConnect extends TestServer {
  vaults: ConnectVault[];
  /** What is asked, as path and query, in order. */
  asked(): string[];
  /** Answers this instead of what was asked; undefined: as usual. `silence` never answers. */
  fault: { status: number; body: string } | 'silence' | undefined;
}

export async function startFakeConnect(token: string, vaults: ConnectVault[]): Promise<FakeConnect> {
  const state: Pick<FakeConnect, 'vaults' | 'fault' | 'asked'> = {
    vaults,
    fault: undefined,
    asked: () => fake.requests.map(({ url }) => decodeURIComponent(url ?? '')),
  };
  const server = await startHttpServer((request, response) => {
    const { fault } = fake;
    if (fault === 'silence') return;
    if (fault) send(response, fault.status, fault.body);
    else if (request.headers.authorization !== `Bearer ${token}`)
      fail(response, 401, 'Invalid token signature');
    else answer(fake.vaults, request, response);
  });
  const fake = Object.assign(server, state);
  return fake;
}

function answer(vaults: ConnectVault[], { url = '' }: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(url, 'http://connect');
  const [, version, collection, vaultId, items, itemId] = pathname.split('/');
  const vault = vaults.find(({ id }) => id === vaultId);
  const item = vault?.items.find(({ id }) => id === itemId);
  const name = /^(?:name|title) eq "(.*)"$/
    .exec(searchParams.get('filter') ?? '')?.[1]
    ?.replace(/\\(.)/g, '$1');
  if (version !== 'v1' || collection !== 'vaults') fail(response, 404, 'not found');
  else if (vaultId === undefined)
    json(
      response,
      named(vaults, name).map(({ id, name }) => ({ id, name })),
    );
  else if (vault === undefined || items !== 'items') fail(response, 404, `vault ${vaultId} not found`);
  else if (itemId === undefined)
    json(
      response,
      titled(vault.items, name).map((each) => summary(vault, each)),
    );
  else if (item === undefined) fail(response, 404, `item ${itemId} not found`);
  else json(response, { ...summary(vault, item), sections: [], fields: item.fields });
}

const named = (all: ConnectVault[], wanted?: string) => all.filter(({ name }) => name === (wanted ?? name));
const titled = (all: ConnectItem[], wanted?: string) =>
  all.filter(({ title }) => title === (wanted ?? title));

function summary(vault: ConnectVault, { id, title, urls }: ConnectItem) {
  return { id, title, vault: { id: vault.id }, category: 'LOGIN', ...(urls && { urls }), version: 1 };
}

const json = (response: ServerResponse, body: unknown) => send(response, 200, JSON.stringify(body));
const fail = (response: ServerResponse, status: number, message: string) =>
  send(response, status, JSON.stringify({ status, message }));

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}
