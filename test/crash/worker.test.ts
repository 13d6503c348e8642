import { describeCrashes } from './crash-case.ts';

describeCrashes('worker', ['engine', 'worker', 'api'], {
  component: 'the worker',
  kill: (system) => system.kill9('worker'),
  revive: (system) => system.start('worker'),
});
