import { describe, expect, it } from '@jest/globals';
import { APIError, BadRequestError, ConflictError, NotFoundError } from '@onkernel/sdk';
import { answerAll } from '../../support/auth-person.ts';
import { createSdk, followAll, type State } from '../../support/auth-sdk.ts';
import { askedBy, useAuthStage } from '../../support/auth-stage.ts';

const stage = useAuthStage();

/** The error with which a call was refused. */
async function refusal(calling: PromiseLike<unknown>): Promise<InstanceType<typeof APIError>> {
  try {
    await calling;
  } catch (error) {
    if (error instanceof APIError) return error;
    throw error;
  }
  throw new Error('The call was not refused.');
}

describe('@onkernel/sdk 0.84 and its resources', () => {
  it('is told the id of what is there when it creates twice, and does not ask again', async () => {
    const { client, requests } = createSdk(stage());
    const body = { domain: stage().site.host, profile_name: 'twice' };
    const first = await client.auth.connections.create(body);
    expect(first).toMatchObject({
      ...body,
      status: 'NEEDS_AUTH',
      save_credentials: true,
      record_session: false,
      flow_status: null,
      flow_step: null,
    });
    const error = await refusal(client.auth.connections.create(body));
    expect(error).toBeInstanceOf(ConflictError);
    expect(error.error).toMatchObject({ code: 'already_exists', existing_id: first.id });
    expect(requests).toEqual(['POST /auth/connections', 'POST /auth/connections']);
  });

  it('is refused a second login once, and keeps the first', async () => {
    const { client, requests } = createSdk(stage());
    const connection = await stage().connect('combined');
    await client.auth.connections.login(connection.id);
    const before = requests.length;
    const error = await refusal(client.auth.connections.login(connection.id));
    expect(error).toBeInstanceOf(ConflictError);
    expect(error.error).toMatchObject({ code: 'flow_in_progress' });
    expect(requests.length - before).toBe(1);
    await stage().auth.cancel(connection.id);
  });

  it('sees a CANCELED frame and the end of the stream when the connection is deleted while it waits', async () => {
    const sdk = createSdk(stage());
    const connection = await stage().connect('combined');
    await sdk.client.auth.connections.login(connection.id);
    let deleted: unknown = 'not deleted';
    const states = await followAll(sdk, connection.id, async ({ flow_step }) => {
      if (flow_step !== 'AWAITING_INPUT') return;
      deleted = await sdk.client.auth.connections.delete(connection.id);
    });
    expect(deleted ?? null).toBeNull();
    expect(states.at(-1)).toMatchObject({ flow_status: 'CANCELED', flow_step: 'COMPLETED' });
    expect(await refusal(sdk.client.auth.connections.retrieve(connection.id))).toBeInstanceOf(NotFoundError);
  });

  it('gets one terminal frame and the end from a flow that is over, and the timeline newest first', async () => {
    const sdk = createSdk(stage());
    const connection = await stage().connect('combined');
    for (const round of [1, 2]) {
      await askedBy(stage(), connection);
      expect([round, (await stage().auth.cancel(connection.id)).status]).toEqual([round, 200]);
    }
    await stage().auth.login(connection.id);
    const { end } = await answerAll(stage().auth, connection.id, stage().person());
    expect(end.flow_status).toBe('SUCCESS');

    const started = performance.now();
    const states: State[] = await followAll(sdk, connection.id);
    expect(states.map(({ flow_status }) => flow_status)).toEqual(['SUCCESS']);
    expect(performance.now() - started).toBeLessThan(1_000);

    const events = [];
    for await (const event of sdk.client.auth.connections.timeline(connection.id, { limit: 1 })) {
      events.push(event);
    }
    const logins = events.filter(({ type }) => type === 'login');
    expect(logins.map(({ status }) => status)).toEqual(['SUCCESS', 'CANCELED', 'CANCELED']);
    const times = events.map(({ timestamp }) => Date.parse(timestamp));
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  it('changes a connection, and is refused an interval below the floor', async () => {
    const { client } = createSdk(stage());
    const { id } = await stage().connect('combined');
    const changed = await client.auth.connections.update(id, {
      health_check_interval: 7_200,
      auto_reauth: false,
      allowed_domains: ['example.com'],
    });
    expect(changed).toMatchObject({
      health_check_interval: 7_200,
      auto_reauth: false,
      allowed_domains: ['example.com'],
    });
    const error = await refusal(client.auth.connections.update(id, { health_check_interval: 299 }));
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error.error).toMatchObject({ code: 'validation_failed', message: expect.any(String) });
    expect(JSON.stringify(error.error)).toContain('300');
    expect(await client.auth.connections.retrieve(id)).toMatchObject({ health_check_interval: 7_200 });
  });

  it('pages through all connections by itself, each once', async () => {
    const { client, requests } = createSdk(stage());
    const names = ['page-a', 'page-b', 'page-c'];
    for (const profile_name of names) {
      await client.auth.connections.create({ domain: 'paged.example.com', profile_name });
    }
    requests.length = 0;
    const seen: string[] = [];
    for await (const { profile_name } of client.auth.connections.list({
      domain: 'paged.example.com',
      limit: 1,
    })) {
      seen.push(profile_name);
    }
    expect(seen.toSorted()).toEqual(names);
    expect(requests).toHaveLength(3);
    const [only] = (await client.auth.connections.list({ profile_name: 'page-b' })).getPaginatedItems();
    expect(only).toMatchObject({ profile_name: 'page-b', domain: 'paged.example.com' });
  });

  it('keeps credentials without ever reading their values again', async () => {
    const { client } = createSdk(stage());
    const made = await client.credentials.create({
      name: 'crud',
      domain: 'example.com',
      values: { username: 'geheim-u', password: 'geheim-p', pin: 'geheim-i' },
    });
    const read = await client.credentials.retrieve('crud');
    expect(read).toMatchObject({ id: made.id, has_values: true, has_totp_secret: false });
    expect(read.value_keys?.toSorted()).toEqual(['password', 'pin', 'username']);
    const changed = await client.credentials.update(made.id, {
      remove_value_keys: ['pin'],
      values: { tenant: 'geheim-t' },
      totp_secret: 'JBSWY3DPEHPK3PXP',
    });
    expect(changed).toMatchObject({ has_totp_secret: true });
    const again = await client.credentials.retrieve(made.id);
    expect(again.value_keys?.toSorted()).toEqual(['password', 'tenant', 'username']);
    const code = await client.credentials.totpCode('crud');
    expect(code.code).toMatch(/^\d{6}$/);
    expect(Date.parse(code.expires_at)).toBeGreaterThan(Date.now() - 1_000);
    const listed = [];
    for await (const each of client.credentials.list({ domain: 'example.com', limit: 1 })) listed.push(each);
    expect(listed.map(({ name }) => name)).toEqual(['crud']);
    expect(JSON.stringify([made, read, changed, again, listed])).not.toMatch(/geheim|JBSWY/);
    await client.credentials.delete('crud');
    expect(await refusal(client.credentials.retrieve('crud'))).toBeInstanceOf(NotFoundError);
  });

  it('keeps profiles, and downloads the state of one once there is one', async () => {
    const { client } = createSdk(stage());
    const made = await client.profiles.create({ name: 'crud-profile' });
    expect(await client.profiles.retrieve('crud-profile')).toMatchObject({ id: made.id });
    expect(await refusal(client.profiles.create({ name: 'crud-profile' }))).toBeInstanceOf(ConflictError);
    const empty = await client.profiles.download('crud-profile');
    expect(empty.status).toBe(202);
    expect(await empty.text()).toBe('');
    await client.profiles.update(made.id, { name: 'crud-renamed' });
    const names: (string | null | undefined)[] = [];
    for await (const { name } of client.profiles.list({ limit: 1 })) names.push(name);
    expect(names).toContain('crud-renamed');
    expect(new Set(names).size).toBe(names.length);

    const connection = await stage().connect('combined', { profile_name: 'crud-renamed' });
    await stage().auth.login(connection.id);
    const { end } = await answerAll(stage().auth, connection.id, stage().person());
    expect(end.flow_status).toBe('SUCCESS');
    const full = await client.profiles.download(made.id);
    expect(full.status).toBe(200);
    expect((await full.arrayBuffer()).byteLength).toBeGreaterThan(100);
    await client.auth.connections.delete(connection.id);
    await client.profiles.delete(made.id);
    expect(await refusal(client.profiles.retrieve(made.id))).toBeInstanceOf(NotFoundError);
  });
});
