import { describeCrashes } from './crash-case.ts';

describeCrashes('api', ['engine', 'worker', 'api'], {
  component: 'the API',
  kill: (system) => system.kill9('api'),
  revive: (system) => system.start('api'),
});
