import type { Encoder } from './encoder.ts';
import { sse } from './sse.ts';

/** The formats in which turns and sessions are streamed, by the media type that `Accept` names; the first is the default. */
export const STREAM_FORMATS = { 'text/event-stream': sse } as const satisfies Record<string, Encoder>;

type StreamType = keyof typeof STREAM_FORMATS;

export const STREAM_TYPES = Object.keys(STREAM_FORMATS) as [StreamType, ...StreamType[]];
