import { describeCrashes } from './crash-case.ts';

describeCrashes('everything', ['engine', 'worker', 'api'], {
  component: 'everything at once',
  kill: (system) => system.kill9All(),
  revive: (system) => system.startAll(),
});
