import { sizedCases } from '../support/full-size.ts';
import { describeCrashes } from './crash-case.ts';
import { phasesNamed } from './phases.ts';

describeCrashes(
  'everything',
  ['engine', 'worker', 'api'],
  {
    component: 'everything at once',
    kill: (system) => system.kill9All(),
    revive: (system) => system.startAll(),
  },
  phasesNamed(
    ...sizedCases(
      ['between decision and dispatch', 'mid-tool'],
      ['before the model answers', 'mid-delta', 'while pending', 'at finalisation'],
    ),
  ),
);
