import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { FlowView } from '../../src/contract/index.ts';
import { asksFor, NO_QUESTION } from '../support/auth-flows.ts';
import { createHostedStage, type HostedLogin, type HostedStage } from '../support/hosted-page.ts';
import { poll } from '../support/poll.ts';
import { answered, away, refuse } from '../support/scripted-auth-gateway.ts';

let stage: HostedStage;
let login: HostedLogin;
beforeAll(async () => {
  stage = await createHostedStage();
});
beforeEach(async () => {
  stage.test.authGateway.sent.length = 0;
  stage.test.authGateway.script = { submit: async (flowId) => answered(await taken(flowId)) };
  login = await stage.open();
});
afterEach(async () => {
  expect(login.faults).toEqual([]);
  await login.page.context().close();
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
});

/** Takes an answer as a workflow does: the step is SUBMITTING with the next revision. */
async function taken(flowId: string): Promise<FlowView> {
  const flow = await stage.test.store.auth.flows.get(flowId);
  if (!flow) throw new Error('the flow is lost');
  const { view } = flow;
  return { ...view, ...NO_QUESTION, flow_step: 'SUBMITTING', revision: view.revision + 1 };
}

const answers = () =>
  stage.test.authGateway.of('submit').map(([, { interactionId, answer }]) => ({ interactionId, answer }));
const heading = (name: string) => login.page.getByRole('heading', { name }).waitFor();
const busy = (text: string) => login.page.getByRole('status').filter({ hasText: text }).waitFor();
const notice = (text: string) => login.page.getByRole('alert').filter({ hasText: text }).waitFor();
const submits = `**/submit`;

async function typeAndSend(name = 'anna', password = ' canary-7261 ') {
  await login.page.getByLabel('E-mail').fill(name);
  await login.page.getByLabel('Password', { exact: true }).fill(password);
  await login.page.getByRole('button', { name: 'Continue' }).click();
}

describe('an answer', () => {
  it('of values is sent with its question, and the page goes on until the end', async () => {
    await login.show(asksFor('int-1'));
    await typeAndSend(' anna ');
    await busy('Signing in to shop.example');
    expect(answers()).toEqual([
      {
        interactionId: 'int-1',
        answer: {
          mode: 'fields',
          by: 'id',
          values: { field_1: { secretId: expect.any(String) }, field_2: { secretId: expect.any(String) } },
        },
      },
    ]);
    await login.show({ ...NO_QUESTION, flow_status: 'SUCCESS', flow_step: 'COMPLETED' });
    await heading('You are signed in');
  });

  it('is nowhere in the page any more once it is sent', async () => {
    let sent = '';
    await login.page.route(submits, (route) => {
      sent = route.request().postData() ?? '';
      return route.continue();
    });
    await login.show(asksFor('int-1'));
    await typeAndSend();
    await busy('Signing in to shop.example');
    expect(JSON.parse(sent).field_values).toEqual({ field_1: 'anna', field_2: ' canary-7261 ' });
    const kept = await login.page.evaluate<string>(
      'JSON.stringify([document.body.innerHTML, { ...sessionStorage }])',
    );
    expect(kept).not.toContain('canary');
    await login.show({ ...asksFor('int-2'), website_error: 'Wrong' });
    await notice('Wrong');
    expect(await login.page.getByLabel('Password', { exact: true }).inputValue()).toBe('');
  });

  it('by choice is sent with the choice', async () => {
    await login.show({
      ...asksFor('int-1'),
      fields: null,
      choices: [{ id: 'acc-2', label: 'Anna', type: 'account' }],
    });
    await heading('Choose an account');
    await login.page.getByRole('button', { name: 'Anna' }).press('Enter');
    await busy('Signing in to shop.example');
    expect(answers()).toEqual([
      { interactionId: 'int-1', answer: { mode: 'choice', by: 'id', value: 'acc-2' } },
    ]);
  });

  it('is not sent while something is missing', async () => {
    await login.show(asksFor('int-1'));
    await login.page.getByLabel('E-mail').fill('anna');
    await login.page.getByLabel('E-mail').press('Enter');
    await login.page.getByRole('textbox', { description: 'Password: please fill this in.' }).waitFor();
    await login.page.getByLabel('Password', { exact: true }).and(login.page.locator(':focus')).waitFor();
    expect(answers()).toEqual([]);
  });

  it('of a one-time code loses the spaces that were copied with it', async () => {
    await login.show({
      ...asksFor('int-1'),
      fields: [{ id: 'f', ref: 'code', type: 'code', reason: 'missing', label: 'Code' }],
    });
    const sent = login.page.waitForRequest(submits);
    await login.page.getByRole('textbox', { name: 'Code' }).fill(' 123 456 ');
    await login.page.getByRole('button', { name: 'Continue' }).click();
    expect((await sent).postDataJSON().field_values).toEqual({ f: '123456' });
    await busy('Signing in');
  });
});

describe('an answer that is refused', () => {
  it('as stale leads to the question of now', async () => {
    stage.test.authGateway.script.submit = async () => {
      await login.show({
        ...asksFor('int-2'),
        fields: null,
        choices: [{ id: 'c', label: 'Go', type: 'other' }],
      });
      return refuse('stale_interaction')();
    };
    await login.show(asksFor('int-1'));
    await typeAndSend();
    await heading('Choose how to go on');
    await notice('The question has changed');
  });

  it('as expired leads to the end (R2.2)', async () => {
    stage.test.authGateway.script.submit = async () => {
      await login.show({
        ...NO_QUESTION,
        flow_status: 'EXPIRED',
        flow_step: 'COMPLETED',
        error_code: 'awaiting_input_timeout',
      });
      return refuse('session_expired')();
    };
    await login.show(asksFor('int-1'));
    await typeAndSend();
    await heading('This sign-in has expired');
    await login.page.getByText('No answer came in time').waitFor();
  });

  it('as wrong leads back to the empty form', async () => {
    stage.test.authGateway.script.submit = refuse('validation_failed');
    await login.show(asksFor('int-1'));
    await typeAndSend();
    await notice('Your answer was not accepted');
    expect(await login.page.getByLabel('Password', { exact: true }).inputValue()).toBe('');
  });

  it('for now is sent again by itself, and then leads back to the form', async () => {
    stage.test.authGateway.script.submit = away;
    await login.show(asksFor('int-1'));
    await typeAndSend();
    await notice('could not be taken in just now');
    expect(answers().length).toBe(4);
  });
});

describe('without a network', () => {
  it('an answer that may not have arrived is asked for again', async () => {
    await login.show(asksFor('int-1'));
    await login.page.route(submits, (route) => route.abort());
    await typeAndSend();
    await busy('Signing in to shop.example');
    await notice('may not have arrived');
    expect(answers()).toEqual([]);
  });

  it('an answer whose 202 was lost is not asked for again (R4)', async () => {
    await login.show(asksFor('int-1'));
    await login.page.route(submits, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await typeAndSend();
    await poll(() => answers().length > 0, { what: 'the answer was taken' });
    await login.show({
      ...asksFor('int-2'),
      fields: [{ id: 'f', ref: 'code', type: 'code', reason: 'missing' }],
    });
    await heading('Enter the code');
    expect(await login.page.getByRole('alert').count()).toBe(0);
  });

  it('the page says so, and goes on with the state of then', async () => {
    await login.show(asksFor('int-1'));
    await heading('Enter your sign-in details');
    await login.page.context().setOffline(true);
    await poll(
      () => {
        // Offline is for what begins from now on; a stream that was on its way may be accepted only now.
        login.dropStreams();
        return login.page.getByText('No connection').isVisible();
      },
      { what: 'the page says that it has no connection' },
    );
    await login.show({ ...NO_QUESTION, flow_step: 'SUBMITTING' });
    await login.page.context().setOffline(false);
    await busy('Signing in to shop.example');
    await login.page.getByText('No connection').waitFor({ state: 'hidden' });
  });
});

describe('a page that stays open', () => {
  it('says that the login was deleted', async () => {
    await login.show(asksFor('int-1'));
    await heading('Enter your sign-in details');
    await stage.test.store.auth.connections.delete(login.connectionId);
    login.hint();
    await heading('This sign-in is gone');
  });

  it('says that it was canceled when the login is deleted by the API', async () => {
    await login.show(asksFor('int-1'));
    await heading('Enter your sign-in details');
    stage.test.authGateway.script.cancel = async (flowId) =>
      answered({ ...(await taken(flowId)), flow_status: 'CANCELED', flow_step: 'COMPLETED' });
    expect((await stage.test.request('DELETE', `/auth/connections/${login.connectionId}`)).status).toBe(204);
    await heading('This sign-in was canceled');
  });

  it('says that its time is over', async () => {
    await login.show(asksFor('int-1'));
    await heading('Enter your sign-in details');
    const { now } = stage.test.clock;
    stage.test.clock.now = new Date(now.getTime() + 3_600_000);
    await typeAndSend();
    await heading('This page has ended');
    stage.test.clock.now = now;
  });
});
