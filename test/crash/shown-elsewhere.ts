/** What operators do to turns, beside killing processes: which file shows it, and in which test. */
export interface Shown {
  what: string;
  file: string;
  test: string;
}

/** Rows of the crash suite's table whose tests are in other suites. */
export const SHOWN_ELSEWHERE: readonly Shown[] = [
  {
    what: 'a deploy, and its rollback',
    file: 'test/workflow/mixed-fleet.test.ts',
    test: 'goes out, is rolled back and comes again, under parked and running turns',
  },
  {
    what: 'a mixed fleet',
    file: 'test/workflow/mixed-fleet.test.ts',
    test: 'runs beside the old one, half and half',
  },
  {
    what: 'a version that cannot go on',
    file: 'test/workflow/mixed-fleet.test.ts',
    test: 'fails no turn: they are shown as stuck, and go on when the old version is back',
  },
  {
    what: 'a build that is promoted, and taken back',
    file: 'test/workflow/deployments.test.ts',
    test: 'move to a promoted build, or stay where they are pinned; and move back',
  },
  {
    what: 'a worker that drains',
    file: 'test/e2e/deploys.test.ts',
    test: 'takes nothing new, and lets a tool that may not be repeated end',
  },
  {
    what: 'an old worker that lacks a tool',
    file: 'test/workflow/capabilities.test.ts',
    test: 'leaves the call to one that has it, and the model never hears of it',
  },
  {
    what: 'an old version on a newer store',
    file: 'test/adapters/released-store.test.ts',
    test: 'can be used by the code of the last release: migrations only add',
  },
  {
    what: 'a rolling deploy of a cluster',
    file: 'test/cluster/rolling-deploy.ts',
    test: 'workers and APIs are replaced one after another under turns that wait and turns that run',
  },
  {
    what: 'a reset of an open turn',
    file: 'test/workflow/reset.test.ts',
    test: 'is the turn again: later events are superseded and kept, and no tool runs twice',
  },
  {
    what: 'a reset of a turn that has ended',
    file: 'test/workflow/reset.test.ts',
    test: 'stays as it ended: the reset run asks no model, runs no tool, and ends at once',
  },
  {
    what: 'a foreign worker on the same queue',
    file: 'test/workflow/installations.test.ts',
    test: 'lose no turn even where they share a queue: a worker leaves what is not in its store',
  },
  {
    what: 'a foreign worker that starts',
    file: 'test/workflow/installations.test.ts',
    test: 'starts at once beside one of its own store, and refuses beside one of another store',
  },
  {
    what: 'an outage of the provider',
    file: 'test/workflow/model-outage.test.ts',
    test: 'is sat out, however often the model is asked in vain, and however often a worker is lost',
  },
  {
    what: 'an outage of an hour, by a clock of its own',
    file: 'test/unit/models/model-patience.test.ts',
    test: 'lasts for an hour of outage, in waits that double up to a minute, and ends then',
  },
  {
    what: 'a NOTIFY that is lost',
    file: 'test/adapters/feed/postgres-feed.test.ts',
    test: 'shows an approval whose notification came while the listening connection was gone',
  },
  {
    what: 'a listening connection that is half open',
    file: 'test/adapters/feed/postgres-feed.test.ts',
    test: 'notices a listening connection that has silently gone, and makes it again',
  },
  {
    what: 'results of 899 KB at once',
    file: 'test/workflow/activation-sizes.test.ts',
    test: 'at once, through the API, are kept in full and never enter the history',
  },
];
