import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { parseBody, type ParseInput } from './parse-body.js';

/** A buffer comes over as plain bytes. */
type Received = Omit<ParseInput, 'body'> & { readonly body: Uint8Array };

/** Behind everything else that the machine has to do. */
const NICENESS = 10;

// On Linux this is about the thread alone; elsewhere it would be about the whole process.
if (process.platform === 'linux') setPriority(NICENESS);

// The program of the thread of `Parser`: one document at a time.
parentPort?.on('message', ({ body, ...input }: Received) => {
  const read = parseBody({ ...input, body: Buffer.from(body.buffer, body.byteOffset, body.byteLength) });
  parentPort?.postMessage(read, []);
});
