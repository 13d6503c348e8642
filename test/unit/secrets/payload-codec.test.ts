import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { createKeyring } from '../../../src/secrets/keyring.ts';
import { VaultError } from '../../../src/secrets/vault.ts';
import { CodecBody, createCodecEndpoint } from '../../../src/temporal/codec-endpoint.ts';
import { createPayloadCodec } from '../../../src/temporal/payload-codec.ts';
import { payloadConverter } from '../../../src/workflows/payload-converter.ts';
import { markOf, sentAs } from '../../../src/workflows/seals.ts';
import { newKey } from '../../support/encryption.ts';

const [k1, k2] = [newKey('k1'), newKey('k2')];
const codec = createPayloadCodec(createKeyring([k1]));
const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const valueIn = (payload: Payload | undefined) => payload && defaultPayloadConverter.fromPayload(payload);
const text = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString();

describe('the payload codec', () => {
  it.each([undefined, 'hunter2', { a: [1, 'ü'] }, new Uint8Array([0, 1, 2])])(
    'decodes %p as it was encoded',
    async (value) => {
      const [decoded] = await codec.decode(await codec.encode([payloadOf(value)]));
      expect(decoded && JSON.stringify(valueIn(decoded))).toBe(JSON.stringify(value));
    },
  );

  it('tells encoding and key, and nothing of what is inside', async () => {
    const [encoded] = await codec.encode([payloadOf('hunter2')]);
    expect(text(encoded?.metadata?.['encoding'])).toBe('binary/encrypted');
    expect(text(encoded?.metadata?.['longturn-key-id'])).toBe('k1');
    expect(Object.keys(encoded?.metadata ?? {})).toHaveLength(2);
    expect(Buffer.from(encoded?.data ?? []).toString('latin1')).not.toMatch(/hunter2|json/);
  });

  it('leaves a payload as it is that was never encrypted', async () => {
    const plain = payloadOf('hunter2');
    expect(await codec.decode([plain])).toEqual([plain]);
  });

  it('decodes what an older key has encrypted, and encodes with the first', async () => {
    const rotated = createPayloadCodec(createKeyring([k2, k1]));
    const [decoded] = await rotated.decode(await codec.encode([payloadOf('hunter2')]));
    expect(valueIn(decoded)).toBe('hunter2');
    const [encoded] = await rotated.encode([payloadOf('a')]);
    expect(text(encoded?.metadata?.['longturn-key-id'])).toBe('k2');
  });

  it('says which key is lacking', async () => {
    const other = createPayloadCodec(createKeyring([k2]));
    const encoded = await codec.encode([payloadOf('hunter2')]);
    await expect(other.decode(encoded)).rejects.toThrow(VaultError);
    await expect(other.decode(encoded)).rejects.toThrow(
      /key "k1", which this process does not have \(it has k2\)/,
    );
  });

  it('refuses a payload that was changed', async () => {
    const [encoded] = await codec.encode([payloadOf('hunter2')]);
    const data = Buffer.from(encoded?.data ?? []);
    data.writeUInt8(data.readUInt8(40) ^ 1, 40);
    await expect(codec.decode([{ ...encoded, data }])).rejects.toThrow(/does not open/);
  });
});

describe('a payload that is for somebody', () => {
  const workflow = (workflowId: string) => ({ type: 'workflow' as const, namespace: 'default', workflowId });
  const activity = (activityId: string) => ({
    type: 'activity' as const,
    namespace: 'default',
    workflowId: 'turn:1',
    activityId,
    isLocal: false,
  });
  const sealOf = (payload: Payload | undefined) => text(payload?.metadata?.['longturn-seal']);
  const read = (payload: Payload | undefined, context?: ReturnType<typeof activity>) =>
    payload && payloadConverter.fromPayload(payload, context);

  it('is bound to its workflow, and says the name under which it was sent', async () => {
    const sent = payloadConverter.toPayload(sentAs({ a: 1 }, 'signal:stop'));
    const encoded = await codec.encode([sent], workflow('turn:1'));
    const [mine] = await codec.decode(encoded, workflow('turn:1'));
    const value = read(mine);
    expect(value).toEqual({ a: 1 });
    expect(markOf(value)).toEqual({ seal: 'bound', sentAs: 'signal:stop' });
    const [foreign] = await codec.decode(encoded, workflow('turn:2'));
    expect(markOf(read(foreign))).toEqual({ seal: 'foreign' });
  });

  it('is read by whoever reads a history as it was before it was encoded', async () => {
    const [decoded] = await codec.decode(await codec.encode([payloadOf({ a: 1 })], workflow('turn:1')));
    expect(valueIn(decoded)).toEqual({ a: 1 });
    expect(Object.keys(decoded?.metadata ?? {})).toEqual(['encoding']);
  });

  it.each([
    ['what is not encrypted', payloadOf({}), 'none'],
    ['what does not open', { metadata: sealedMetadata('k1'), data: Buffer.alloc(60) }, 'unopened'],
    [
      'what a key encrypted that is not there',
      { metadata: sealedMetadata('k9'), data: Buffer.alloc(60) },
      'unopened',
    ],
  ])('is told from %s, whatever that says of itself', async (_what, { metadata, data }, seal) => {
    const claims = { 'longturn-seal': Buffer.from('bound'), 'longturn-sent-as': Buffer.from('signal:stop') };
    const [decoded] = await codec.decode(
      [{ metadata: { ...metadata, ...claims }, data: data ?? null }],
      workflow('turn:1'),
    );
    expect(sealOf(decoded)).toBe(seal);
    expect(markOf(read(decoded))).not.toHaveProperty('sentAs');
  });

  it('is told from what versions up to 0.2 encrypted', async () => {
    const [decoded] = await codec.decode(await codec.encode([payloadOf({})]), workflow('turn:1'));
    expect(sealOf(decoded)).toBe('unbound');
  });

  it('is no input or result of an activity where it is another one, or not encrypted', async () => {
    const encoded = await codec.encode([payloadOf('done')], activity('7'));
    const at = async (context: ReturnType<typeof activity>, payloads = encoded) =>
      read((await codec.decode(payloads, context))[0], context);
    expect(await at(activity('7'))).toBe('done');
    await expect(at(activity('8'))).rejects.toThrow(/not made by this installation/);
    await expect(at(activity('7'), [payloadOf('done')])).rejects.toThrow(/not made by this installation/);
    await expect(
      at(activity('7'), await codec.encode([payloadOf('x')], workflow('turn:1'))),
    ).rejects.toThrow();
  });

  it('is left to another process while its key has not come here yet, and only then', async () => {
    const rotated = createPayloadCodec(createKeyring([k2, k1]));
    const [sent] = await rotated.encode([payloadOf({})], workflow('turn:1'));
    await expect(codec.decode([sent as Payload], workflow('turn:1'))).rejects.toThrow(
      /key "k2", which this process/,
    );
    const [decoded] = await codec.decode([{ ...sent, data: Buffer.alloc(60) }], workflow('turn:1'));
    expect(sealOf(decoded)).toBe('unopened');
    const stranger = createPayloadCodec(createKeyring([newKey('k3'), newKey('k1')]));
    const [forged] = await codec.decode(await stranger.encode([payloadOf({})]), workflow('turn:1'));
    expect(sealOf(forged)).toBe('unopened');
  });
});

function sealedMetadata(keyId: string) {
  return { encoding: Buffer.from('binary/encrypted'), 'longturn-key-id': Buffer.from(keyId) };
}

describe('the codec endpoint', () => {
  const endpoint = createCodecEndpoint(codec);
  const base64 = (of: string) => Buffer.from(of).toString('base64');
  const plain = { metadata: { encoding: base64('json/plain') }, data: base64('"hunter2"') };

  it('encodes and decodes proto JSON, in which bytes are Base64', async () => {
    const encoded = await endpoint.encode({ payloads: [plain, plain] });
    expect(encoded.payloads).toHaveLength(2);
    expect(encoded.payloads[0]?.metadata?.['encoding']).toBe(base64('binary/encrypted'));
    expect(JSON.stringify(encoded)).not.toContain(base64('"hunter2"'));
    expect(await endpoint.decode(encoded)).toEqual({ payloads: [plain, plain] });
  });

  it('decodes what the worker has encrypted', async () => {
    const [encoded] = await codec.encode([payloadOf('hunter2')]);
    const json = {
      metadata: Object.fromEntries(
        Object.entries(encoded?.metadata ?? {}).map(([key, value]) => [key, base64(text(value))]),
      ),
      data: Buffer.from(encoded?.data ?? []).toString('base64'),
    };
    expect(await endpoint.decode(CodecBody.parse({ payloads: [json] }))).toEqual({ payloads: [plain] });
  });

  it('takes payloads without data, and leaves out what is empty', async () => {
    const nothing = { metadata: { encoding: base64('binary/null') } };
    expect(await endpoint.decode({ payloads: [nothing] })).toEqual({ payloads: [nothing] });
  });

  it.each([
    [{}],
    [{ payloads: [{ data: 'not base64!' }] }],
    [{ payloads: [{ metadata: { encoding: 'json/plain' } }] }],
  ])('refuses %j', (body) => {
    expect(CodecBody.safeParse(body).success).toBe(false);
  });
});
