import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '../../src/client/index.ts';
import type { Api } from './api.ts';

/** Between two attempts of a client that was told to try again, in milliseconds. */
const RETRY_MS = 50;

/** Decides as a client does while parts of the system come back: a 503 was not taken, and its text says to try again. */
export async function decideStubbornly(api: Api, turnId: string, callId: string): Promise<void> {
  try {
    await api.decide(turnId, callId);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 503) throw error;
    console.warn(`  (503, tried again: ${turnId})`);
    await delay(RETRY_MS);
    await decideStubbornly(api, turnId, callId);
  }
}
