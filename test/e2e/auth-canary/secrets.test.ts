import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ManagedAuth } from '../../../src/contract/auth/index.ts';
import {
  type Canary,
  type CanarySearch,
  createCanarySearch,
  type Finding,
} from '../../support/auth-canary.ts';
import { exportHistories } from '../../support/auth-histories.ts';
import { createGate } from '../../support/auth-matrix.ts';
import { answerAll, bodyFor, type Person } from '../../support/auth-person.ts';
import { type AuthStage, appCode, startAuthStage } from '../../support/auth-stage.ts';
import type { AuthStream } from '../../support/auth-stream.ts';
import type { FakeUser } from '../../support/fake-site/accounts.ts';
import { sizedCases } from '../../support/full-size.ts';
import { openHostedPage } from '../../support/hosted-person.ts';
import { poll } from '../../support/poll.ts';
import { START_TIMEOUT_MS } from '../../support/system.ts';

const mark = (what: string) => `kanari-${what}-${Math.random().toString(36).slice(2, 10)}`;
const base32 = () =>
  Array.from({ length: 16 }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Math.floor(Math.random() * 32)]).join(
    '',
  );

const users: FakeUser[] = Array.from({ length: 12 }, (_, n) => ({
  username: `${mark(`user${n}`)}@example.com`,
  password: `${mark(`pass${n}`)} &"ü`,
  totpSecret: `KNARI${base32()}`,
}));
const newPassword = `${mark('new')}!A1`;
const wrongPassword = mark('wrong');
const stranger = `${mark('stranger')}@example.com`;
const canaries: Canary[] = [
  ...users.flatMap(({ username, password, totpSecret = '' }, n) => [
    { name: `username ${n}`, value: username },
    { name: `password ${n}`, value: password },
    { name: `TOTP secret ${n}`, value: totpSecret },
  ]),
  { name: 'new password', value: newPassword },
  { name: 'wrong password', value: wrongPassword },
  { name: 'unknown username', value: stranger },
];

let stage: AuthStage & AsyncDisposable;
let temp: string;
let search: CanarySearch;
/** How many logins were made, each with a stream. */
let logins = 0;
const codes: string[] = [];
const streams: AuthStream[] = [];
const answers: { what: string; text: string }[] = [];

/** For everything that was typed so far. */
const searchForAll = () =>
  createCanarySearch([...canaries, ...codes.map((value, n) => ({ name: `code ${n}`, value }))]);

const answered = (what: string, value: unknown) => answers.push({ what, text: JSON.stringify(value) });

/** One login with everything about it captured. */
async function login(
  scenario: string,
  user: FakeUser | undefined,
  more: Partial<Person> & { settings?: Record<string, unknown>; wrongFirst?: Partial<Person> } = {},
): Promise<ManagedAuth> {
  if (!user) throw new Error('no user');
  const { auth, site } = stage;
  const { settings, wrongFirst, ...rest } = more;
  const connection = await stage.connect(scenario, settings);
  answered('create', connection);
  answered('login', await auth.login(connection.id));
  streams.push(await auth.stream(connection.id));
  const person: Person = {
    username: user.username,
    password: user.password,
    code: ({ type }) => {
      const code = type === 'code' ? site.lastCode(scenario)?.code : appCode(user.totpSecret);
      if (code) codes.push(code);
      return code;
    },
    ...rest,
  };
  if (wrongFirst) {
    const view = await auth.asked(connection.id);
    const body = bodyFor(view, { ...person, ...wrongFirst });
    answered('submit', (await auth.submit(connection.id, body)).text);
    await auth.asked(connection.id, view.interaction_id);
    answered('refused', (await auth.submit(connection.id, body)).text);
    answered('invalid', (await auth.submit(connection.id, { ...body, fields: { x: user.password } })).text);
  }
  const { end, questions } = await answerAll(auth, connection.id, person, 90_000);
  answered('views', [questions, end]);
  for (const path of ['', '/safe', '/timeline']) {
    answered(path, (await auth.http.get(`/auth/connections/${connection.id}${path}`)).text);
  }
  const report = await auth.http.post(`/auth/connections/${connection.id}/report`);
  const { id: reportId } = report.body as { id: string };
  const kept = await auth.http.get(`/auth/connections/${connection.id}/reports/${reportId}`);
  expect([report.status, kept.status]).toEqual([201, 200]);
  answered('report', [report.text, kept.text]);
  expect([scenario, end.flow_status]).toEqual([scenario, 'SUCCESS']);
  return end;
}

beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'longturn-canary-'));
  mkdirSync(join(temp, 'tmp'));
  stage = await startAuthStage({
    users,
    parts: ['engine', 'worker', 'api'],
    env: {
      LONGTURN_LOG_LEVEL: 'debug',
      LONGTURN_AUTH_PREVIEW: 'on',
      TMPDIR: join(temp, 'tmp'),
      DEBUG: 'pw:api',
    },
  });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
  await rm(temp, { recursive: true, force: true, maxRetries: 5 });
}, 60_000);

describe('Marked secrets', () => {
  it('are typed in every way in which they can be', async () => {
    const { auth, site } = stage;
    const [a, b, c, d, e, f, g, h, i, j] = users;
    const name = await stage.credential(
      { username: c?.username ?? '', password: c?.password ?? '' },
      { totp_secret: c?.totpSecret },
    );
    const taken = await auth.http.post('/credentials', {
      name,
      domain: site.host,
      values: { password: c?.password },
    });
    answered('credential twice', taken.text);
    const wrong = await auth.http.post('/credentials', {
      name: 'x',
      domain: '!',
      values: { password: c?.password },
    });
    answered('credential wrong', wrong.text);
    const gate = createGate(4);
    const made = sizedCases(
      [
        () => login('mirror', b, { wrongFirst: { username: stranger, password: wrongPassword } }),
        () => login('totp', c, { settings: { credential: { name } } }),
        () => login('password-change', d, { newPassword }),
        () => login('email-code', f, { wrongFirst: { password: wrongPassword } }),
        () => login('six-box', g),
      ],
      [
        () => login('combined', a, { wrongFirst: { password: wrongPassword } }),
        () => login('identifier-first', e),
        () => login('iframe', i),
        () => login('attempts', h, { wrongFirst: { password: wrongPassword } }),
        () => login('shadow-dom', j, { wrongFirst: { password: wrongPassword } }),
      ],
    );
    logins = made.length;
    await Promise.all(made.map(gate));
    // One that ends badly, in the middle: a browser that dies while it types.
    const open = await stage.connect('slow');
    await auth.login(open.id);
    const view = await auth.asked(open.id);
    const held = site.holdNextPost('slow');
    await auth.submit(open.id, bodyFor(view, { username: a?.username ?? '', password: a?.password ?? '' }));
    await held.arrived;
    await stage.system.kill9('worker');
    await stage.system.startAll();
    held.release();
    answered('after the kill', await auth.asked(open.id, view.interaction_id, 60_000));
    search = searchForAll();
    expect(codes.length).toBeGreaterThanOrEqual(2);
  }, 240_000);

  it('would be found, were they anywhere: raw, URL-encoded, base64, hex or UTF-16, inside of other bytes', () => {
    const folder = join(temp, 'planted');
    mkdirSync(folder);
    const value = users[0]?.password ?? '';
    const wrap = (text: string) => Buffer.from(`x{"data":"${text}"}y`);
    const plants: [string, Buffer][] = [
      ['raw', wrap(value)],
      ['url', wrap(encodeURIComponent(value))],
      ['b64-0', wrap(Buffer.from(`${value}tail`).toString('base64'))],
      ['b64-1', wrap(Buffer.from(`"${value}","more`).toString('base64'))],
      ['b64-2', wrap(Buffer.from(`{"${value}"}`).toString('base64'))],
      ['b64url', wrap(Buffer.from(`{"${value}"}`).toString('base64url'))],
      ['hex', wrap(Buffer.from(value).toString('hex'))],
      ['utf16', Buffer.from(`x${value}y`, 'utf16le')],
    ];
    for (const [file, bytes] of plants) writeFileSync(join(folder, file), bytes);
    writeFileSync(join(folder, 'code'), `{"code":"${codes[0]}"}`);
    const { findings } = search.folder(folder);
    for (const [file] of [...plants, ['code']]) {
      expect([file, findings.some(({ where }) => where.endsWith(`/${file}`))]).toEqual([file, true]);
    }
    expect(search.text('clean', 'nothing of it 1.123456Z 77123456')).toEqual([]);
  });

  it('are in no answer, no error and no stream', () => {
    const findings: Finding[] = answers.flatMap(({ what, text }) => search.text(what, text));
    for (const [n, stream] of streams.entries()) findings.push(...search.text(`stream ${n}`, stream.raw()));
    expect(streams).toHaveLength(logins);
    expect(findings).toEqual([]);
  });

  it('are nowhere in the page of somebody who typed them there, and in no picture of it', async () => {
    const user = users[10];
    if (!user) throw new Error('no user');
    const connection = await stage.connect('totp');
    const { hosted_url } = await stage.auth.login(connection.id);
    const code = () => {
      codes.push(appCode(user.totpSecret));
      return codes.at(-1) ?? '';
    };
    await using person = await openHostedPage(hosted_url, { ...user, code });
    const { page } = person;
    const seen: Buffer[] = [];
    const keep = async () => {
      const state = await page.context().storageState({ indexedDB: true });
      const session = await page.evaluate(
        'JSON.stringify({ ...sessionStorage, at: location.href, past: history.state })',
      );
      seen.push(
        await page.screenshot(),
        Buffer.from(`${JSON.stringify(state)}${session}${await page.content()}`),
      );
    };
    await person.fill();
    await keep();
    await person.answerUntil('code');
    await keep();
    await person.answerUntil();
    await keep();
    search = searchForAll();
    expect(seen).toHaveLength(6);
    expect(seen.flatMap((bytes, n) => search.bytes(`page ${n}`, bytes))).toEqual([]);
  }, 120_000);

  it('are where nobody looks over a shoulder: the picture of the page is sealed, and gone with the login', async () => {
    const { auth, system } = stage;
    const { id } = await stage.connect('combined');
    const jwt = await auth.jwt(await auth.login(id));
    const asked = await auth.asked(id);
    const { preview } = await poll(
      async () => {
        const view = await auth.get(id);
        return view.preview && view;
      },
      { what: 'a picture of the page that asks' },
    );
    const see = () =>
      fetch(`${system.baseUrl}${preview?.url}`, { headers: { authorization: `Bearer ${jwt}` } });
    const answer = await see();
    const picture = Buffer.from(await answer.arrayBuffer());
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(picture.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    const part = picture.subarray(300, 360);
    const needles = [part, Buffer.from(picture.toString('base64').slice(400, 480))];
    const found = search
      .folder(system.dataDir)
      .files.filter((file) => needles.some((needle) => readFileSync(file).includes(needle)));
    expect(found).toEqual([]);
    const user = users[11];
    await auth.submit(id, bodyFor(asked, { username: user?.username ?? '', password: user?.password ?? '' }));
    expect((await auth.ended(id)).flow_status).toBe('SUCCESS');
    expect((await see()).status).toBe(404);
  }, 60_000);

  it('are in no history, neither as it is exported nor decoded', async () => {
    const histories = await exportHistories(stage);
    const flows = histories.filter(({ workflowId }) => workflowId.startsWith('auth-flow:'));
    expect(flows.length).toBeGreaterThanOrEqual(logins);
    expect(flows.every(({ payloads }) => payloads > 0)).toBe(true);
    expect(flows.map(({ decoded }) => decoded).join('')).toMatch(/interaction/i);
    const findings = histories.flatMap(({ workflowId, raw, decoded }) => [
      ...search.text(`${workflowId} raw`, raw),
      ...search.text(`${workflowId} decoded`, decoded),
      ...search.text('workflow id', workflowId),
    ]);
    expect(findings).toEqual([]);
  }, 60_000);

  it('are in no log, at level debug', () => {
    const findings = (['engine', 'worker', 'api'] as const).flatMap((part) => {
      const output = stage.system.output(part);
      expect([part, output.length > 0]).toEqual([part, true]);
      return search.text(`output of ${part}`, output);
    });
    expect(findings).toEqual([]);
  });

  it('are in no file: databases, their journals, temporary folders; running, killed and stopped', async () => {
    const { system } = stage;
    const sweep = (when: string) => {
      const folders = [system.dataDir, join(temp, 'tmp')].map((folder) => search.folder(folder));
      const files = folders.flatMap((each) => each.files);
      expect([when, files.some((file) => file.endsWith('.db'))]).toEqual([when, true]);
      return folders.flatMap(({ findings }) => findings.map((each) => ({ when, ...each })));
    };
    const running = sweep('running');
    await system.kill9All();
    const killed = sweep('killed');
    await system.startAll();
    for (const part of ['worker', 'api', 'engine'] as const) await system.terminate(part, 30_000);
    expect([...running, ...killed, ...sweep('stopped')]).toEqual([]);
  }, 120_000);
});
