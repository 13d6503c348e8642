import {
  isGrpcServiceError,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { type Approval, ProblemCode } from '../contract/index.ts';
import { VaultError } from '../secrets/vault.ts';
import { EngineUnavailable, MessageRefused, TurnClosed } from './turn/turn-gateway.ts';

/** gRPC status codes that are told apart here. */
const GRPC = { invalidArgument: 3, deadlineExceeded: 4, notFound: 5, unavailable: 14 } as const;

/** What an error of Temporal's client means to the gateway's callers. */
export function translate(error: unknown): Error {
  if (error instanceof WorkflowNotFoundError || grpcCode(error) === GRPC.notFound) {
    return new TurnClosed('The workflow of the turn is closed.', { cause: error });
  }
  // An answer that came and cannot be read: a matter of the keys, not of the engine.
  if (error instanceof VaultError) return error;
  if (error instanceof WorkflowUpdateFailedError) return refusal(error);
  return new EngineUnavailable('The engine, or a worker behind it, does not answer.', { cause: error });
}

/** Whether no worker answered in time, so that the message may be sent as a signal. */
export function isUnanswered(error: unknown): boolean {
  return (
    error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || grpcCode(error) === GRPC.deadlineExceeded
  );
}

/** Whether the engine refused a request for what it says. */
export function isInvalid(error: unknown): boolean {
  return grpcCode(error) === GRPC.invalidArgument;
}

/** Whether a worker took the task without answering this Update: it was replaying. It may be sent again as it is. */
export function isUnprocessed(error: unknown): boolean {
  if (!(error instanceof WorkflowUpdateFailedError)) return false;
  return error.cause instanceof ApplicationFailure && error.cause.type === 'UnprocessedUpdate';
}

function refusal(error: WorkflowUpdateFailedError): Error {
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure)) return error;
  const code = ProblemCode.safeParse(cause.type);
  // The workflow closed while the Update waited: the server aborts it with a failure of its own.
  if (!code.success) return new TurnClosed(cause.message, { cause: error });
  return new MessageRefused(code.data, cause.message, cause.details?.[0] as Approval | undefined);
}

function grpcCode(error: unknown): number | undefined {
  if (isGrpcServiceError(error)) return error.code;
  if (error instanceof ServiceError && isGrpcServiceError(error.cause)) return error.cause.code;
  return undefined;
}
