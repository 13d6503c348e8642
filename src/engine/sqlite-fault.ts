import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';

const HEADER = 'SQLite format 3\0';

/**
 * What is plainly wrong with an SQLite file, without opening it as a database, so without changing anything; undefined
 * where nothing is, also where the file is missing or empty. Damage within its pages is not seen.
 */
export function sqliteFault(file: string): string | undefined {
  if (!existsSync(file) || statSync(file).size === 0) return undefined;
  const header = readHeader(file);
  if (header.toString('latin1', 0, HEADER.length) !== HEADER) return 'it is not an SQLite database';
  // With a write-ahead log, pages may be there only.
  if (existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0) return undefined;
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const pageCountIsValid = header.readUInt32BE(24) === header.readUInt32BE(92);
  const expectedBytes = pageCountIsValid ? pageBytes * header.readUInt32BE(28) : 0;
  const { size } = statSync(file);
  return size < expectedBytes ? `it is cut off (${size} of ${expectedBytes} bytes)` : undefined;
}

function readHeader(file: string): Buffer {
  const header = Buffer.alloc(100);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, header);
  } finally {
    closeSync(descriptor);
  }
  return header;
}
