import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** A change of one file of the tree: `from` stands there exactly once. */
export interface CodeChange {
  /** Path below the root, such as `src/workflows/turn/agent-turn.ts`. */
  file: string;
  from: string;
  to: string;
}

/** Below the root, so that packages are found from there; never in the tree itself. */
const FOLDER = resolve('dist/other-code');

/** Bundles the tree's workflows with a small change: a second version of the code. Returns the bundle's file. */
export async function bundleChanged(name: string, changes: CodeChange[]): Promise<string> {
  const root = join(FOLDER, `${name}-${process.pid}`);
  try {
    mkdirSync(root, { recursive: true });
    cpSync(resolve('src'), join(root, 'src'), { recursive: true });
    for (const { file, from, to } of changes) {
      const path = join(root, file);
      const parts = readFileSync(path, 'utf8').split(from);
      if (parts.length !== 2) throw new Error(`${file} has "${from}" ${parts.length - 1} times, not once.`);
      writeFileSync(path, parts.join(to));
    }
    return await bundleInto(root, `${root}.js`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Bundles the workflows of a source tree into a file. */
export async function bundleInto(root: string, file: string): Promise<string> {
  const payloadConverter = join(root, 'src/workflows/payload-converter.ts');
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(root, 'src/workflows/index.ts'),
    // Versions up to 0.2 have none.
    ...(existsSync(payloadConverter) && { payloadConverterPath: payloadConverter }),
    failureConverterPath: join(root, 'src/workflows/failure-converter.ts'),
    logger: new DefaultLogger('ERROR', () => {}),
  });
  // Whole or not there: another test may look for it at the same time.
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, code);
  renameSync(unfinished, file);
  return file;
}
