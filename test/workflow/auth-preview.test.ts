import { describe, expect, it } from '@jest/globals';
import type { FlowView } from '../../src/contract/index.ts';
import { type AuthRig, useAuthRigs } from '../support/auth-rig.ts';
import { poll } from '../support/poll.ts';
import { aForm, LOGGED_IN, type ScriptedSite } from '../support/scripted-browser.ts';

const rigOf = useAuthRigs();

const login = aForm(['username', 'password']);
const site: ScriptedSite = {
  open: () => login,
  act: ({ password }) => (password === 'pw' ? LOGGED_IN : { ...login, websiteError: 'No.' }),
  preview: async () => Buffer.from('a picture of the page'),
};

const kept = (rig: AuthRig, flowId: string) => rig.store.auth.previews.get(flowId, new Date().toISOString());
const pictured = (rig: AuthRig, flowId: string, interactionId: string | null) =>
  rig.until(flowId, ({ preview, interaction_id: asked }) => asked === interactionId && preview !== undefined);

describe('the picture of the page that asks', () => {
  it('follows the question, is sealed, is taken anew for the next question, and is gone in the end', async () => {
    const rig = await rigOf(site);
    const connectionId = await rig.connect();
    const flowId = await rig.login(connectionId);
    const asked = await rig.awaitInput(flowId);
    const shown = await pictured(rig, flowId, asked.interaction_id);
    expect(shown).toMatchObject({ fields: asked.fields, flow_step: 'AWAITING_INPUT' });
    const path = `/auth/connections/${connectionId}/flows/${flowId}/preview`;
    expect(shown.preview).toEqual({ url: `${path}?interaction_id=${asked.interaction_id}` });
    const { sealed = '', interactionId } = (await kept(rig, flowId)) ?? {};
    expect(interactionId).toBe(asked.interaction_id);
    const picture = Buffer.from(rig.vault.open(sealed, { use: 'preview', flowId }), 'base64');
    expect(picture.toString()).toBe('a picture of the page');
    expect(sealed).not.toContain(picture.toString('base64'));

    await rig.answer(flowId, shown, { username: 'ada', password: 'no' });
    const again = await rig.until(
      flowId,
      ({ interaction_id: id }) => id !== null && id !== asked.interaction_id,
    );
    const next = await pictured(rig, flowId, again.interaction_id);
    await poll(async () => (await kept(rig, flowId))?.interactionId === again.interaction_id, {
      what: 'the picture of the second question is kept',
    });
    await rig.answer(flowId, next, { username: 'ada', password: 'pw' });
    const end = await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
    expect(end.preview).toBeUndefined();
    expect(await kept(rig, flowId)).toBeUndefined();
  });

  it('is waited for by nobody: the question is out, and can be answered, while it is taken', async () => {
    const taking = Promise.withResolvers<void>();
    const { promise: taken, resolve: take } = Promise.withResolvers<Buffer>();
    const slow: ScriptedSite = {
      ...site,
      preview: () => {
        taking.resolve();
        return taken;
      },
    };
    const rig = await rigOf(slow);
    const flowId = await rig.login(await rig.connect());
    const asked = await rig.awaitInput(flowId);
    await taking.promise;
    await rig.answer(flowId, asked, { username: 'ada', password: 'pw' });
    const views: FlowView[] = [await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS')];
    take(Buffer.from('too late'));
    views.push(asked);
    expect(views.map(({ preview }) => preview)).toEqual([undefined, undefined]);
    expect(await kept(rig, flowId)).toBeUndefined();
  });

  it.each<[string, ScriptedSite['preview']]>([
    ['cannot be taken', () => Promise.reject(new Error('no'))],
    ['is not wanted', undefined],
  ])('changes nothing where it %s', async (_what, preview) => {
    const { preview: _preview, ...plain } = site;
    const rig = await rigOf(preview ? { ...plain, preview } : plain);
    const flowId = await rig.login(await rig.connect());
    const asked = await rig.awaitInput(flowId);
    expect(asked.preview).toBeUndefined();
    await rig.answer(flowId, asked, { username: 'ada', password: 'pw' });
    const end = await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
    expect(end.error_code).toBeNull();
  });
});
