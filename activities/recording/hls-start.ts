import type { Branch } from './branch.js';
import { readReaderLog } from './reader-log.js';

/**
 * Notes with which segment an HLS run has begun, as soon as it has.
 * @returns True when there is nothing more to wait for.
 */
export async function noteHlsStart(branch: Branch, run: number, readerFile: string): Promise<boolean> {
  const facts = await branch.facts.get(run);
  if (facts === null || facts.hls !== null) return true;
  const events = await readReaderLog(readerFile);
  const opened = events.find((event) => event.type === 'open');
  if (opened !== undefined && opened.format !== 'hls') return true;
  const first = events.find((event) => event.type === 'hls-segment');
  if (first === undefined) return false;
  const before = events.slice(0, events.indexOf(first));
  const skipped = before.find((event) => event.type === 'skipped');
  await branch.facts.update(run, {
    hls: {
      firstSequence: first.sequence,
      segmentMs: first.durationMs,
      ...(skipped === undefined ? {} : { skipped: { from: skipped.from, to: skipped.to } }),
    },
  });
  return true;
}
