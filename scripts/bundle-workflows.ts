import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { FAILURE_CONVERTER_FILE, PAYLOAD_CONVERTER_FILE } from '../src/temporal/data-converter.ts';

/** Bundles the workflows once for all worker processes, again only when their sources or packages have changed. */
const root = path.resolve(import.meta.dirname, '..');
const bundleFile = path.join(root, 'dist/workflow-bundle.js');
const stampFile = path.join(root, 'dist/workflow-bundle.stamp');

const stamp = await sourceStamp();
const known = await readFile(stampFile, 'utf8').catch(() => '');
if (known !== stamp) {
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(root, 'src/workflows/index.ts'),
    payloadConverterPath: PAYLOAD_CONVERTER_FILE,
    failureConverterPath: FAILURE_CONVERTER_FILE,
    // Evaluated once, and not for each workflow again; only what keeps nothing of a workflow.
    preloadModules: ['src/workflows/stack-traces.ts', 'src/digest.ts'].map((file) => path.join(root, file)),
    logger: { log() {}, trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error },
  });
  await mkdir(path.dirname(bundleFile), { recursive: true });
  await replaceFile(bundleFile, code);
  await replaceFile(stampFile, stamp);
}

async function sourceStamp(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of [
    'package-lock.json',
    'scripts/bundle-workflows.ts',
    'src/digest.ts',
    ...(await sourcesOf('src/workflows')),
    ...(await sourcesOf('src/core')),
    ...(await sourcesOf('src/contract')),
  ]) {
    hash.update(file).update(await readFile(path.join(root, file)));
  }
  return hash.digest('hex');
}

async function sourcesOf(folder: string): Promise<string[]> {
  const names = await readdir(path.join(root, folder), { recursive: true });
  return names
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => `${folder}/${name}`);
}

async function replaceFile(file: string, content: string): Promise<void> {
  await writeFile(`${file}.${process.pid}`, content);
  await rename(`${file}.${process.pid}`, file);
}
