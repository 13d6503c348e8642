import { describe, expect, it } from '@jest/globals';
import { play } from './rehearsal-fixture.ts';

describe('a script that cannot be played', () => {
  it('names an unknown command, its line and the known ones', async () => {
    await expect(play('/say hi\n\n/jump 3')).rejects.toMatchObject({
      code: 'script_unknown_command',
      retryable: false,
      message:
        'Line 3 of the script: unknown command "/jump". ' +
        'Known commands: /call, /next, /say, /stream, /sleep, /fail, /window, /usage.',
    });
    await expect(play('/')).rejects.toMatchObject({ code: 'script_unknown_command' });
    await expect(play('/CALL a')).rejects.toMatchObject({ code: 'script_unknown_command' });
    await expect(play('/constructor')).rejects.toMatchObject({ code: 'script_unknown_command' });
  });

  it.each([
    ['text beside commands', '/call a\nplease', 2],
    ['an indented command', '/call a\n  /say x', 2],
    ['a call without a tool', '/call', 1],
    ['a call with broken JSON', '/call a\n/call b {"x":', 2],
    ['a call with a list', '/call a [1]', 1],
    ['a call with null', '/call a null', 1],
    ['a call with something after the JSON', '/call a {} {}', 1],
    ['/next with an argument', '/call a\n/next 2', 2],
    ['/next with nothing before', '/next\n/say x', 1],
    ['two /next in a row', '/call a\n/next\n\n/next\n/say x', 4],
    ['/next at the end', '/call a\n/next\n', 2],
    ['a step before /next that calls nothing', '/sleep 1\n/next\n/call a', 2],
    ['/say alone before /next', '/say x\n/next\n/call a', 2],
    ['/stream without pieces', '/stream 0 10', 1],
    ['/stream without a gap', '/stream 3', 1],
    ['/stream twice in a step', '/stream 1 1\n/stream 1 1', 2],
    ['/usage twice in a step', '/usage 1 1\n/usage 1 1', 2],
    ['/sleep below zero', '/sleep -1', 1],
    ['/sleep in words', '/sleep long', 1],
    ['/sleep for more than a day', '/sleep 86400001', 1],
    ['/fail with a status that is no failure', '/fail 1 200', 1],
    ['/fail zero times', '/fail 0 500', 1],
    ['/usage with one number', '/usage 5', 1],
    ['/usage with a fraction', '/usage 1.5 2', 1],
  ])('refuses %s and names the line', async (_name, script, line) => {
    await expect(play(script)).rejects.toMatchObject({
      name: 'ModelError',
      code: 'script_invalid',
      retryable: false,
      message: expect.stringContaining(`Line ${line} of the script: `),
    });
  });

  it('is refused before its first step is played', async () => {
    const trace: (string | number)[] = [];
    await expect(play('/stream 2 1\n/call a\n/next\n/jump', { trace })).rejects.toThrow('Line 4');
    expect(trace).toEqual([]);
  });
});

describe('what is no script', () => {
  it('has one model', async () => {
    await expect(play('/say x', { model: 'opus' })).rejects.toMatchObject({
      code: 'model_bad_request',
      message: expect.stringContaining('rehearsal/script'),
    });
  });

  it('needs a user message', async () => {
    await expect(play([])).rejects.toMatchObject({ code: 'model_bad_request' });
  });

  it('reads lines that end as on Windows', async () => {
    expect((await play('/call a {"x":1}\r\n\r\n/call b\r\n')).calls).toHaveLength(2);
  });
});
