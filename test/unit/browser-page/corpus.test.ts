import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { poll } from '../../support/poll.ts';
import { loadCorpus, mistakeIn } from '../../support/readings/corpus.ts';
import {
  asksOf,
  documentOf,
  loadRecording,
  readSnapshot,
  WRITTEN_PAGES,
} from '../../support/readings/recorded.ts';
import { useBrowser } from './test-browser.ts';

/** Pages of other people's sites, beside the checkout: see docs/managed-auth.md. */
const CORPUS = path.resolve(process.env['LOGIN_PAGES'] ?? '../shared/cases/login-pages');
const isThere = existsSync(path.join(CORPUS, 'told', 'labels.json'));
/** Of the told pages; none that has no login may be taken for one. */
const LEAST_EXACT = 0.97;

const browser = useBrowser();

describe('login pages in the style of several sites', () => {
  it.each(WRITTEN_PAGES.filter(({ large }) => !large))(
    'reads $name as it was recorded',
    ({ name, asks, submit, first }) => {
      const reading = readSnapshot(loadRecording(name));
      expect(asksOf(reading)).toEqual(asks);
      expect(reading.targets.submit?.control.label).toBe(submit);
      expect(reading.purpose === 'none').toBe(asks.length === 0);
      if (first !== undefined)
        expect(reading.targets.fields.get(reading.fields[0]?.id ?? '')?.[0]?.control.id).toBe(first);
    },
  );

  it('are read in the browser as from the recordings', async () => {
    for (const { name, html, asks, submit } of WRITTEN_PAGES) {
      const reading = await browser.read(documentOf(html));
      expect({ name, asks: asksOf(reading) }).toEqual({ name, asks });
      expect(reading.targets.submit?.control.label).toBe(submit);
    }
  });
});

describe('captured login pages of real sites', () => {
  const title = isThere
    ? 'are read as a person is to be asked'
    : 'are not beside this checkout: the recorded pages stand for them';

  it(title, async () => {
    if (!isThere) {
      const wrong = WRITTEN_PAGES.filter(({ large }) => !large).filter(
        ({ name, asks }) => asksOf(readSnapshot(loadRecording(name))).join() !== asks.join(),
      );
      expect(wrong).toEqual([]);
      return;
    }
    const { readPage } = await import('../../../src/browser/page/read-page.ts');
    const pages = loadCorpus(CORPUS);
    const page = await browser.open();
    const mistakes: string[] = [];
    for (const label of pages) {
      await page.goto(pathToFileURL(path.join(CORPUS, 'told', label.file)).href);
      const mistake = mistakeIn(label, await poll(() => readPage(page), { what: `${label.id} can be read` }));
      if (mistake !== undefined) mistakes.push(`${mistake}: ${label.id}`);
    }
    expect(mistakes.filter((mistake) => mistake.startsWith('false'))).toEqual([]);
    expect({ mistakes, share: 1 - mistakes.length / pages.length >= LEAST_EXACT }).toEqual({
      mistakes: expect.anything(),
      share: true,
    });
  });
});
