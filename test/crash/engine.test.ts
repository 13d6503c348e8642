import { describeCrashes } from './crash-case.ts';

describeCrashes('engine', ['engine', 'worker', 'api'], {
  component: 'the engine',
  kill: (system) => system.kill9('engine'),
  revive: (system) => system.start('engine'),
});
