import { sha256Hex } from '../../digest.ts';

/** The id of a call, made of its place, so that a repeated attempt speaks of the same call. */
export function callIdOf(turnId: string, step: number, index: number): string {
  return `call_${sha256Hex(`${turnId}:${step}:${index}`).slice(0, 24)}`;
}
