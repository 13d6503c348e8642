import { formatCursor } from './cursor.ts';
import type { Encoder } from './encoder.ts';

/** Server-sent events: LF only, one `data` line. */
export const sse: Encoder = {
  contentType: 'text/event-stream; charset=utf-8',
  encode({ event, data, cursor }) {
    const id = cursor ? `id: ${formatCursor(cursor)}\n` : '';
    return Buffer.from(`${id}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  },
  whenIncomplete: 'end',
  heartbeat: Buffer.from(': heartbeat\n\n'),
};
