/** The reader program: `main.js <specFile>`. Media goes to stdout, facts as JSON lines to fd 5 (or stderr). */
import { readFileSync } from 'node:fs';
import type { ReaderContext } from './context.js';
import { openEventLog, type EventLog } from './event-log.js';
import { openMediaOutput } from './output.js';
import { readSource } from './read-source.js';
import { StopRequested } from './reader-failure.js';
import { EXIT_STATUS, type ReaderEnd, type ReaderSpec } from './spec.js';

/** After a stop, what is in memory must have been taken within this time. */
const STOP_TIMEOUT_MS = 2_000;
const USAGE_EXIT_STATUS = 2;

async function main(): Promise<void> {
  const events = openEventLog();
  const spec = readSpec(process.argv[2]);
  const output = openMediaOutput();
  const stop = stopOnSignals(events);
  const context: ReaderContext = {
    spec,
    events,
    output,
    signal: AbortSignal.any([stop, output.closed]),
  };
  const end = await readSource(context);
  await output.end();
  exitWith(events, end);
}

function readSpec(file: string | undefined): ReaderSpec {
  try {
    return JSON.parse(readFileSync(file ?? '', 'utf8')) as ReaderSpec;
  } catch (error) {
    process.stderr.write(`usage: main.js SPEC_FILE (${String(error)})\n`);
    process.exit(USAGE_EXIT_STATUS);
  }
}

/** SIGINT and SIGTERM end reading; a whole segment in memory is still written, but not for ever. */
function stopOnSignals(events: EventLog): AbortSignal {
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) return;
    stop.abort(new StopRequested());
    const forced = { reason: 'stopped', message: 'stopped while the output was blocked' } as const;
    setTimeout(() => exitWith(events, forced), STOP_TIMEOUT_MS);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return stop.signal;
}

function exitWith(events: EventLog, end: ReaderEnd): never {
  events.write({ type: 'end', ...end });
  process.exit(EXIT_STATUS[end.reason]);
}

await main();
