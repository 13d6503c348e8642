import type { BrowserContextOptions, Page } from 'playwright-core';
import { launchTestBrowser } from './launch-test-browser.ts';

/** How long a person waits for the next question, in milliseconds. */
const PATIENCE_MS = 60_000;

/** What somebody types, by what the page's inputs are for. */
export interface Typed {
  username: string;
  password: string;
  code?(): string;
}

/** Somebody in front of the hosted page. */
export interface HostedPerson extends AsyncDisposable {
  page: Page;
  /** Fills what is asked, and sends nothing. */
  fill(): Promise<void>;
  /** Answers whatever is asked until `stop` is asked, or the page says that they are signed in. */
  answerUntil(stop?: keyof Typed): Promise<void>;
}

/** Opens the link of a login. */
export async function openHostedPage(
  link: string,
  typed: Typed,
  context?: BrowserContextOptions,
): Promise<HostedPerson> {
  const browser = await launchTestBrowser();
  const page = await (await browser.newContext(context)).newPage();
  await page.goto(link);
  const inputs = {
    username: page.locator('input[autocomplete="username"]'),
    password: page.locator('input[autocomplete="current-password"]'),
    code: page.locator('input[autocomplete="one-time-code"]'),
  };
  const form = page.locator('form');
  const signedIn = page.getByRole('heading', { name: 'You are signed in' });

  const asked = async () => {
    await form.or(signedIn).first().waitFor({ timeout: PATIENCE_MS });
    const shown = Object.entries(inputs).map(async ([what, input]) =>
      (await input.count()) > 0 ? [what] : [],
    );
    return (await Promise.all(shown)).flat();
  };
  const fillIn = async (names: string[]) => {
    for (const name of names as (keyof typeof inputs)[]) {
      await inputs[name].fill(name === 'code' ? (typed.code?.() ?? '') : typed[name]);
    }
  };
  return {
    page,
    fill: async () => fillIn(await asked()),
    async answerUntil(stop) {
      for (let names = await asked(); names.length > 0; names = await asked()) {
        if (stop !== undefined && names.includes(stop)) return;
        await fillIn(names);
        await page.getByRole('button', { name: 'Continue' }).click();
        await form.waitFor({ state: 'detached', timeout: PATIENCE_MS });
      }
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}
