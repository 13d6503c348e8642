import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../../src/logger.ts';

function logged(pretty: boolean, fields: object): string {
  const lines: string[] = [];
  const log = createLogger({ level: 'info', pretty, destination: { write: (line) => lines.push(line) } });
  log.info(fields, 'hello');
  log.debug('not at this level');
  return lines.join('');
}

describe('createLogger', () => {
  it.each([false, true])('replaces what stands under names of secrets (pretty: %s)', (pretty) => {
    const line = logged(pretty, {
      token: 'lt_1',
      turnId: 'turn-1',
      models: { apiKey: 'lt_2' },
      req: { headers: { authorization: 'Bearer lt_3', cookie: 'lt_4', 'set-cookie': 'lt_5' } },
    });
    expect(line).not.toContain('lt_');
    expect(line).toContain('turn-1');
    expect(line.match(/\[redacted\]/g)).toHaveLength(5);
  });

  it('writes one JSON line with ISO time and the level by name', () => {
    expect(JSON.parse(logged(false, {}))).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      pid: process.pid,
      msg: 'hello',
    });
  });
});
