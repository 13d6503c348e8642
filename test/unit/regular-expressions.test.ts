import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseSync } from '@swc/core';
import { isSafePattern } from 'redos-detector';

/** How often one text may be tried in another way before an expression counts as superlinear. */
const MAX_WAYS = 200;
/** How far the analysis goes before it gives up: where it does, a reason is wanted, too. */
const MAX_STEPS = 5_000;

/** Expressions that a text could make try many ways, each with the reason why none does. */
const REASONS: Readonly<Record<string, string>> = {
  [String.raw`/\/+$/`]: 'of addresses that the operator configured',
  [String.raw`/(:\/\/[^:@/?]*):[^@/?]*@/`]: "of the operator's database address",
  [String.raw`/\/+(v1\/*)?$/`]: 'of addresses that the operator configured',
  '/=+$/': 'of base64 and of secrets, which are short',
  [String.raw`/\bbearer\s+\S+/gi`]: 'each way begins at another "bearer", and what follows is taken whole',
  [String.raw`/\/\/[^/\s@]+@/g`]: 'a way begins at "//" and ends at the next "/"',
  [String.raw`/^(\S+)\s*(.*)$/su`]: 'of one line of a rehearsal script',
  [String.raw`/\bgo(\d+\.\d+(?:\.\d+)?)/`]: "of the compiler's own version",
  [String.raw`/net::ERR_(?!ABORTED|BLOCKED)|NS_ERROR_|Timeout \d+ms exceeded/`]:
    'each way begins at another "Timeout", digits follow it',
  [String.raw`/[?#&](code|state|ticket|token|id_token|access_token|saml\w*|session_state|nonce)=/i`]:
    'each way begins behind another separator, and ends before the next',
  [String.raw`/^(.*?)(?::(\d+))?$/`]: 'of patterns that the operator configured',
  [String.raw`/^(?=.*\d)[\da-z_-]{16,}$|^[\da-f-]{24,}$|^\d{5,}$/i`]:
    'three ways at most, each from the start',
  [String.raw`/(^|[/_.-])(log[-_]?in|sign[-_]?in|logon|anmeld[a-z]*|einloggen|connexion|session(s)?\/new|iniciar-sesion)([/_.?-]|$)/i`]:
    'each way begins behind another separator, and ends before the next',
  [String.raw`/(?:ending (?:in|with)|ends (?:in|with)|endet auf|endend auf|terminant par|se terminant par|terminad[oa] en|que termina en|that ends in)\s*:?\s*(\d{2,4})/iu`]:
    "white space in a page's texts is a single blank",
  '/^_+|_+$/g': 'of names that are cut at 600 characters',
  '/(^|[/=?&_.-])(o?auth2?|oauth|oidc|saml2?|sso|openid|authorize|social|federat[a-z]*|idp|provider|connect)([/=?&_.-]|$)/i':
    'each way begins behind another separator, and ends before the next',
  '/(^|[/_.-])(o?auth2?|oauth|oidc|saml2?|sso|openid(-connect)?|social|broker|federat[a-z]*|idp|identity-?providers?|external-?log-?in)([/_.-]|$)/i':
    'each way begins behind another separator, and ends before the next',
  [String.raw`/"#\/components\/schemas\/([^"]+)"/g`]: 'of our own OpenAPI document',
  [String.raw`/^---[ \t]*\n((?:[\s\S]*?\n)?)---[ \t]*(?:\n|$)/`]:
    'each line is tried once; a file has a limit',
  [String.raw`/ at line \d+, column \d+:?$/`]: "of the parser's own messages",
  [String.raw`/^([^/?#]*?):\/\/([^/]*)(.*)$/s`]: 'of a glob, which has at most 1,000 characters',
  [String.raw`/^(?:(\[[\da-f:.]+\])|(.*?))(?::([\d*?]+))?$/is`]:
    'of a glob, which has at most 1,000 characters',
  [String.raw`/\*+$/`]: 'of a glob, which has at most 1,000 characters',
  [String.raw`/^\uFEFF?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--[\s\S]{0,2000}?-->\s*|<!DOCTYPE[^>]{0,300}>\s*){0,5}<svg[\s>]/i`]:
    "of the operator's own logo, which has at most 256 KiB",
  [String.raw`/[^\p{L}\p{N}]+$/u`]: 'of a label, which is cut at 600 characters',
  [String.raw`/"?\{\{(\w+)\}\}"?/g`]: 'of our own page',
  [String.raw`/data:\s*\[DONE\]\s*$/`]: 'of the last 64 characters of an answer',
};

interface Found {
  pattern: string;
  flags: string;
  file: string;
}

/** Every regular expression that is written as one, by its source. */
function literalsIn(file: string): Found[] {
  const found: Found[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, pattern, flags } = node as { type?: string; pattern?: string; flags?: string };
    if (type === 'RegExpLiteral' && pattern !== undefined) found.push({ pattern, flags: flags ?? '', file });
    for (const inner of Object.values(node)) visit(inner);
  };
  const syntax = file.endsWith('.ts') ? ('typescript' as const) : ('ecmascript' as const);
  visit(parseSync(readFileSync(file, 'utf8'), { syntax, target: 'es2024' }));
  return found;
}

/** Without a part of any length, nothing grows with the text but where it is begun. */
function isUnbounded(pattern: string): boolean {
  return /[*+]|\{\d+,\}/.test(pattern.replaceAll(/\\./g, 'e').replaceAll(/\[[^\]]*\]/g, 'c'));
}

function isLinear({ pattern, flags }: Found): boolean {
  if (!isUnbounded(pattern)) return true;
  const unicode = flags.includes('u');
  return isSafePattern(pattern, {
    unicode,
    // It takes one or the other; in which case a letter is written makes no further ways.
    caseInsensitive: !unicode && flags.includes('i'),
    dotAll: flags.includes('s'),
    multiLine: flags.includes('m'),
    maxScore: MAX_WAYS,
    maxSteps: MAX_STEPS,
    timeout: Number.POSITIVE_INFINITY,
  }).safe;
}

const found = globSync('src/**/*.{ts,js}').flatMap(literalsIn);
const bySource = new Map(found.map((each) => [`/${each.pattern}/${each.flags}`, each]));

describe('the regular expressions of this program', () => {
  it('take time that grows with the text alone, or say why none is that long', () => {
    expect(bySource.size).toBeGreaterThan(100);
    const superlinear = [...bySource].filter(([source, each]) => !(source in REASONS) && !isLinear(each));
    expect(superlinear.map(([source, { file }]) => `${file}: ${source}`)).toEqual([]);
  });

  it('are all still there where there is a reason', () => {
    expect(Object.keys(REASONS).filter((source) => !bySource.has(source))).toEqual([]);
  });

  it('would be found: an expression that backtracks is told', () => {
    for (const pattern of ['^(a+)+$', '(x+x+)+y', '[a-z]+.*[a-z]+.*[a-z]+!']) {
      expect([pattern, isLinear({ pattern, flags: '', file: '' })]).toEqual([pattern, false]);
    }
  });
});
