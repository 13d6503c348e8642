/*
 * Set up in every file of end-to-end and crash tests: each process of ours that such a file starts has its event loop watched,
 * also where it is no part of a system (system.ts looks at its own when it ends). See loop-delay.ts.
 */
import { rmSync } from 'node:fs';
import { afterAll } from '@jest/globals';
import { watchProcessLoops } from './loop-delay.ts';

const loops = watchProcessLoops();
process.env['LOOP_WATCH_FOLDER'] = loops.folder;

afterAll(() => {
  loops.check();
});

// Processes that are still ending write to it.
process.once('exit', () => rmSync(loops.folder, { recursive: true, force: true }));
