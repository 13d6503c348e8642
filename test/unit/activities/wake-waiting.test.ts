import { expect, it } from '@jest/globals';
import { wakeWaiting } from '../../../src/activities/turn/wake-waiting.ts';
import type { WaitKey } from '../../../src/core/turn/wait-key.ts';

it('every call that waits for what has happened is woken, although one of their turns cannot be told', async () => {
  const asked: WaitKey[] = [];
  const woken: string[] = [];
  const warned: unknown[] = [];
  const key = { kind: 'delegation', subject: 'dlg-1' };
  await wakeWaiting(
    {
      waiters: {
        async of(of) {
          asked.push(of);
          return ['away', 'b', 'c'].map((name) => ({
            ...of,
            turnId: `turn-${name}`,
            callId: `call-${name}`,
          }));
        },
      },
      turnGateway: {
        async wakeCall(turnId, callId) {
          if (turnId === 'turn-away') throw new Error('no engine');
          woken.push(`${turnId} ${callId}`);
        },
      },
      log: { warn: (what: unknown) => warned.push(what) } as never,
    },
    key,
  );
  expect(asked).toEqual([key]);
  expect(woken).toEqual(['turn-b call-b', 'turn-c call-c']);
  expect(warned).toMatchObject([{ turnId: 'turn-away', callId: 'call-away' }]);
});
