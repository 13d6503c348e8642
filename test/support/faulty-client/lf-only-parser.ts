/** What an early client hands on for one frame. */
export interface LooseFrame {
  event: string;
  data: string;
}

/**
 * Parses a stream as early clients did: lines end with `\n` and with nothing else, only `event: ` and `data: ` with
 * their space are known, of several data lines the last one counts, and a frame ends at a line that is wholly empty.
 */
export function createLfOnlyParser(onFrame: (frame: LooseFrame) => void): (text: string) => void {
  let rest = '';
  let event = '';
  let data = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('event: ')) event = line.slice('event: '.length);
      else if (line.startsWith('data: ')) data = line.slice('data: '.length);
      else if (line === '') {
        if (event !== '' && data !== '') onFrame({ event, data });
        event = '';
        data = '';
      }
    }
  };
}
