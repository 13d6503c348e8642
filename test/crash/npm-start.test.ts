import { sizedCases } from '../support/full-size.ts';
import { poll } from '../support/poll.ts';
import { gone } from '../support/processes.ts';
import { readEnginePid } from '../support/system.ts';
import { describeCrashes } from './crash-case.ts';
import { phasesNamed } from './phases.ts';

// The process of `npm start` alone: the engine below it must end by itself, and a new one takes over its data.
describeCrashes(
  'npm-start',
  'all',
  {
    component: 'the parent of `npm start` alone',
    kill: async (system) => {
      const enginePid = await system.enginePid();
      await system.kill9('main', { alone: true });
      await gone(enginePid, 5_000);
    },
    revive: (system) => system.start('main'),
  },
  phasesNamed(...sizedCases(['mid-tool'], ['while pending', 'mid-delta'])),
);

describeCrashes(
  'npm-start-engine',
  'all',
  {
    component: 'the engine below `npm start`',
    kill: async (system) => {
      const enginePid = await system.enginePid();
      process.kill(enginePid, 'SIGKILL');
      await gone(enginePid);
      await poll(async () => (await readEnginePid(system.dataDir)) !== enginePid, { what: 'another engine' });
    },
    revive: (system) => system.ready(),
  },
  phasesNamed(...sizedCases(['while pending'], ['mid-delta'])),
);
