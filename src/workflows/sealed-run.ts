import { ApplicationFailure, log, patched, proxySinks, type Sinks, workflowInfo } from '@temporalio/workflow';
import { setSealedRun } from './sealed-run-state.ts';
import { type Mark, markOf, named } from './seals.ts';

/** Leaves the workflow to be counted: something was sent that nobody of this installation sent, or not so. */
export interface SealSinks extends Sinks {
  seals: { refused(name: string, reason: string): void };
}

const { seals } = proxySinks<SealSinks>();

/** What this run takes: `open`: anything, no codec is at work; `unbound`: it was begun by a version up to 0.2. */
let takes: 'open' | 'unbound' | 'bound' = 'open';

/**
 * First of all in every workflow. A start that this installation did not send, or sent for another workflow, fails the workflow
 * before it has done anything. `id`: the name of the input's field with which the workflow's id ends.
 */
export function admitStart<T extends object>(start: T, id: keyof T & string): void {
  const mark = markOf(start);
  // A process that lacks a key leaves it to one that has it: the task is handed out again.
  if (mark?.seal === 'unopened') throw new Error(mark.fault ?? 'The input does not open.');
  const reason = typeof start === 'object' && start !== null ? startFault(start[id], mark) : 'unsealed';
  // A run that an older version let begin goes on.
  if (reason !== undefined && patched('sealed-start')) {
    const { workflowType } = workflowInfo();
    tell(named.start(workflowType), reason);
    throw ApplicationFailure.create({
      type: 'start_refused',
      message: `This workflow was not started by this installation (${reason}).`,
      nonRetryable: true,
    });
  }
  if (mark) setSealedRun(mark.seal !== 'none');
  takes = mark === undefined ? 'open' : mark.seal === 'bound' ? 'bound' : 'unbound';
}

function startFault(id: unknown, mark: Mark | undefined): string | undefined {
  if (mark === undefined) return undefined;
  const { workflowId, workflowType, continuedFromExecutionRunId, parent } = workflowInfo();
  switch (mark.seal) {
    case 'none':
      return 'unsealed';
    case 'bound': {
      // Inputs that workflows send, to their next run or a child, have no name.
      const byWorkflow = continuedFromExecutionRunId !== undefined || parent !== undefined;
      const expected = mark.sentAs === undefined && byWorkflow ? undefined : named.start(workflowType);
      return mark.sentAs === expected ? undefined : 'misdirected';
    }
    case 'unbound':
      return typeof id === 'string' && `:${workflowId}`.endsWith(`:${id}`) ? undefined : 'misdirected';
    default:
      return 'misdirected';
  }
}

/**
 * Why a message is not taken; undefined: it is. `unboundToo`: also as versions up to 0.2 sent it, without saying for whom, into
 * a run of this version; for messages that name a call of the turn, or only end it.
 */
export function messageFault(name: string, message: unknown, unboundToo = false): string | undefined {
  if (takes === 'open') return undefined;
  const mark = markOf(message);
  if (mark?.seal === 'bound') return mark.sentAs === name ? undefined : 'misdirected';
  if (mark?.seal === 'unbound') return unboundToo || takes === 'unbound' ? undefined : 'unbound';
  return mark?.seal === 'foreign' ? 'misdirected' : 'unsealed';
}

/** Whether a signal is dropped. What an older version took, when this run was its own, is taken again on replay. */
export function isSignalRefused(name: string, message: unknown, unboundToo?: boolean): boolean {
  const reason = messageFault(name, message, unboundToo);
  if (reason === undefined || !patched('sealed-messages')) return false;
  tell(name, reason);
  return true;
}

/** For the validator of an Update: refuses it before it is in history. */
export function refuseUnsealed(name: string, message: unknown, unboundToo?: boolean): void {
  const reason = messageFault(name, message, unboundToo);
  if (reason === undefined) return;
  tell(name, reason);
  throw ApplicationFailure.create({
    type: 'validation_failed',
    message: `The message was not sent by this installation's API, or not for this workflow (${reason}).`,
    nonRetryable: true,
  });
}

function tell(name: string, reason: string): void {
  log.warn('a message that is not sealed for this workflow was refused', { message: name, reason });
  seals.refused(name, reason);
}
