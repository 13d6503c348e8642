import { parentPort } from 'node:worker_threads';
import { createInputValidator, createSchemaValidator } from './validate-input.ts';

/** One check, as texts of JSON: copying them is quick whatever they hold. Without `input`, the schema itself is judged. */
export interface SchemaTask {
  schema: string;
  input?: string;
}

// The thread of a schema checker: whatever holds it up is ended with it.
const validateInput = createInputValidator();
const validateSchema = createSchemaValidator();

parentPort?.on('message', ({ schema, input }: SchemaTask) => {
  const parsed = JSON.parse(schema);
  parentPort?.postMessage(
    input === undefined ? validateSchema(parsed) : validateInput(parsed, JSON.parse(input)),
  );
});

// It has loaded its code.
parentPort?.postMessage('ready');
