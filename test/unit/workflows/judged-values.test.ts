import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Gate, Json, JsonObject, Subjects } from '../../../src/contract/index.ts';
import { judge } from '../../../src/core/policy/policy.ts';
import { segmentsOf } from '../../../src/tools/files/workspace-path.ts';
import { createHttpFetch } from '../../../src/tools/http-fetch.ts';
import { aCall, NOW } from '../../support/builders.ts';
import { toolContext } from '../../support/tool-context.ts';

const URLS: Subjects = { url: { kind: 'url' }, method: { kind: 'text', default: 'GET' } };
const PATHS: Subjects = { path: { kind: 'path', default: '.' } };

/** Whether one rule, and nothing else, catches a call: the gate of the rule, else `none`. */
function gateOf(gate: Gate, args: Record<string, string>, input: JsonObject, subjects: Subjects = {}) {
  const call = { ...aCall('t', input), subjects };
  const judgement = judge(call, { rules: [{ tool: 't', gate, args }] }, undefined, [], NOW);
  return 'rule' in judgement && judgement.rule === 'rules[0]' ? judgement.gate : 'none';
}
const ofUrl = (gate: Gate, glob: string, url: string) => gateOf(gate, { url: glob }, { url }, URLS);
const ofPath = (gate: Gate, glob: string, path: Json) => gateOf(gate, { path: glob }, { path }, PATHS);

describe('a rule for addresses', () => {
  it.each([
    'https://evil.test?.example.com/',
    'https://evil.test#.example.com/',
    'https://evil.test\\.example.com/',
    'https://evil.test/.example.com/',
    'https://evil.test:443\\@www.example.com/',
    'https://www.example.com@evil.test/',
    'https://www.example.com:8443/',
    'http://www.example.com/',
    'https://example.com/',
    'www.example.com',
    '//www.example.com/',
  ])('that allows hosts of one domain does not allow %s', (url) => {
    expect(ofUrl('allow', 'https://*.example.com/**', url)).toBe('none');
  });

  it.each([
    ['https://*.example.com/**', 'HTTPS://WWW.Example.com/a?b=/c#d'],
    ['https://*.example.com/**', 'https://www.example.com.:443/'],
    ['https://www.example.com', 'https://www.example.com'],
    ['https://www.example.com', 'https://www.example.com/'],
    ['https://www.example.com/v1/*', 'https://www.example.com/v1/x'],
    ['https://**', 'https://evil.test/x'],
    ['**', 'http://evil.test/x'],
    ['http://localhost:*/**', 'http://localhost:3000/x'],
    ['http://[::1]:8080/**', 'http://[0:0::1]:8080/x'],
    ['https://münchen.example/**', 'https://xn--mnchen-3ya.example/'],
    ['https://{a,b}.example/**', 'https://b.example/x'],
  ])('that allows %s allows %s', (glob, url) => {
    expect(ofUrl('allow', glob, url)).toBe('allow');
  });

  it.each([
    ['https://www.example.com**', 'https://www.example.com.evil.test/'],
    ['*example.com/**', 'https://example.com/'],
    ['https://www.example.com/v1/*', 'https://www.example.com/v1/x/y'],
    ['https://www.example.com/public/**', 'https://www.example.com/public/%2e%2e%2fadmin'],
    ['https://www.example.com/public/**', 'https://www.example.com/public/..%5cadmin'],
    ['http://localhost/**', 'http://localhost:3000/'],
  ])('that allows %s does not allow %s', (glob, url) => {
    expect(ofUrl('allow', glob, url)).toBe('none');
  });

  it.each([
    ...['https://evil.test', 'HTTPS://EVIL.TEST/', 'https://evil.test./x', 'https://evil.test:443/x'],
    ...['https://u:p@evil.test/x', 'https:evil.test/x', 'https:\\\\evil.test\\x', '  https://evil.test/'],
    ...['https://ev\til.te\nst/', 'https://%65vil.test/', 'https://evil。test/', 'https:///evil.test/'],
    ...['https://evil.test?x', 'https://evil.test#x', 'https://evil.test//x', 'https://ｅvil.test/'],
  ])('that denies a host denies it as %j', (url) => {
    for (const glob of ['https://evil.test/**', 'https://evil.test', '*://evil.test/*', '*evil.test*']) {
      expect([glob, ofUrl('deny', glob, url)]).toEqual([glob, 'deny']);
    }
  });

  it.each(['http://2130706433/', 'http://0x7f.1/', 'http://127.1/', 'http://[::ffff:127.0.0.1]/a'])(
    'that denies an address denies %s',
    (url) => {
      expect(ofUrl('deny', 'http://127.0.0.1/**', url)).toBe('deny');
    },
  );

  it('that denies a path denies it however it is escaped', () => {
    for (const path of [
      '/admin/x',
      '//admin/x',
      '/%61dmin/x',
      '/a/..%2fadmin/x',
      '/a/../admin/x',
      '/.\\admin/x',
    ]) {
      expect([path, ofUrl('deny', 'https://x.test/admin/**', `https://x.test${path}`)]).toEqual([
        path,
        'deny',
      ]);
    }
  });

  it('judges the method that is used where none is named', () => {
    expect(gateOf('allow', { method: 'GET' }, { url: 'https://x.test/' }, URLS)).toBe('allow');
    expect(gateOf('deny', { method: 'GET' }, { url: 'https://x.test/' }, URLS)).toBe('deny');
    expect(gateOf('allow', { method: 'GET' }, { url: 'https://x.test/', method: 'POST' }, URLS)).toBe('none');
  });

  it('agrees with what is fetched, for addresses in all spellings', async () => {
    const scheme = fc.constantFrom(
      'https://',
      'HTTPS://',
      'https:',
      'https:\\\\',
      ' https://',
      'ht\ttps:///',
      'http://',
    );
    const user = fc.constantFrom('', '', '', 'u:p@', 'www.example.com@', 'evil.test@');
    const host = fc.constantFrom(
      ...['www.example.com', 'WWW.example.com.', 'www。example.com', '%77ww.example.com', 'example.com'],
      ...['evil.test', 'EVIL.test.', 'ev\til.test', 'evil.test\\.example.com', 'evil.test?.example.com'],
      ...['evil.test#.example.com', 'www.example.com.evil.test', '127.1', '[::1]'],
    );
    const port = fc.constantFrom('', '', ':443', ':80', ':8443', ':');
    const rest = fc.constantFrom(
      '',
      '/',
      '/a/b',
      '\\a',
      '?q=/.example.com/',
      '#/.example.com/',
      '/@www.example.com/',
    );
    const url = fc.tuple(scheme, user, host, port, rest).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(url, async (text) => {
        const asked = await fetchedHost(text);
        if (asked === undefined) return;
        const isOurs =
          asked.host.endsWith('.example.com') && asked.protocol === 'https:' && asked.port === '';
        if (ofUrl('allow', 'https://*.example.com/**', text) === 'allow') expect(isOurs).toBe(true);
        if (isOurs) expect(ofUrl('allow', 'https://*.example.com/**', text)).toBe('allow');
        const isDenied = asked.host === 'evil.test';
        expect(ofUrl('deny', `${asked.protocol}//evil.test/**`, text) === 'deny').toBe(isDenied);
      }),
      { numRuns: 200 },
    );
  });
});

/** The host whose addresses the tool asks for when it is given this text; undefined where it asks for none. */
async function fetchedHost(text: string) {
  let asked: string | undefined;
  const resolve = async (name: string) => {
    asked = name;
    return [];
  };
  const tool = createHttpFetch({ allow: [], resolve });
  await tool.run({ url: text }, toolContext('/nowhere')).catch(() => undefined);
  if (asked === undefined) return undefined;
  const { protocol, port } = new URL(text);
  return { host: asked.toLowerCase().replace(/\.$/, ''), protocol, port };
}

describe('a rule for paths', () => {
  it.each(['locked/a', './locked/a://b.txt', 'locked//x', './/locked/./y', 'locked', 'locked/'])(
    'that denies a folder denies %s',
    (path) => {
      expect(ofPath('deny', 'locked/**', path)).toBe('deny');
    },
  );

  it('judges the workspace where no path is named', () => {
    expect(gateOf('deny', { path: '**' }, {}, PATHS)).toBe('deny');
    expect(gateOf('allow', { path: '**' }, {}, PATHS)).toBe('allow');
    expect(gateOf('allow', { path: 'docs/**' }, {}, PATHS)).toBe('none');
    expect(ofPath('allow', 'docs/**', './docs//a.txt')).toBe('allow');
    expect(ofPath('allow', 'docs/**', 'docs/../locked/a.txt')).toBe('none');
  });

  it('agrees with the resolver of the file tools', () => {
    const part = fc.constantFrom('.', '', 'locked', 'docs', 'a:', 'b.txt', '..', ' ', 'LOCKED');
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const path = parts.join('/');
        let used: string[];
        try {
          used = segmentsOf(path);
        } catch {
          return;
        }
        expect(ofPath('deny', 'locked/**', path) === 'deny').toBe(used[0] === 'locked');
        expect(ofPath('allow', 'locked/**', path) === 'allow').toBe(used[0] === 'locked');
      }),
    );
  });
});

describe('a rule for an argument', () => {
  it.each<[JsonObject, boolean, boolean]>([
    [{ options: { target: 'secret' } }, true, false],
    [{ 'options.target': 'open', options: { target: 'secret' } }, true, false],
    [{ 'options.target': 'secret', options: { target: 'open' } }, true, false],
    [{ 'options.target': 'open', options: { target: 'open' } }, false, true],
    [{ 'options.target': 'open' }, false, true],
    [{ options: 'open' }, false, false],
  ])('sees all that its name may mean: %j', (input, denied, allowed) => {
    expect(gateOf('deny', { 'options.target': 'secret' }, input) === 'deny').toBe(denied);
    expect(gateOf('allow', { 'options.target': 'open' }, input) === 'allow').toBe(allowed);
  });

  it.each([
    ['./locked/a://b.txt', 'deny', 'locked/**', 'deny'],
    ['https://evil.test?.example.com/', 'allow', 'https://*.example.com/**', 'none'],
    ['s3://bucket/a/../b', 'allow', 's3://bucket/a/**', 'none'],
    ['s3://bucket/a/b', 'allow', 's3://bucket/a/**', 'allow'],
    ['docs/a.txt', 'allow', 'docs/*', 'allow'],
  ] as const)(
    'of which nothing is declared reads %s as all that it could be (%s %s)',
    (value, gate, glob, said) => {
      expect(gateOf(gate, { target: glob }, { target: value })).toBe(said);
    },
  );

  it('is judged as before in turns that began before', () => {
    const call = aCall('t', { 'options.target': 'open', options: { target: 'secret' } });
    const policy = { rules: [{ tool: 't', gate: 'deny' as const, args: { 'options.target': 'secret' } }] };
    expect(judge(call, policy, 'allow', [], NOW)).toEqual({ gate: 'allow', rule: 'tool' });
  });
});
