import { DefaultFailureConverter } from '@temporalio/common';

/** Puts messages and stacks of errors into a payload, so that the codec encrypts them; loaded by path, by this name. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
