import { parentPort, workerData } from 'node:worker_threads';
import { parseFrontMatter } from './front-matter.ts';

// The thread of one long front matter: whatever holds it up is ended with it.
parentPort?.postMessage(parseFrontMatter(String(workerData)));
