import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import {
  readerCommand,
  type EndEvent,
  type ReaderEvent,
  type ReaderSpec,
} from '../../../../activities/reader/index.js';

/** How a reader has ended. */
export interface ReaderResult {
  readonly status: number | null;
  readonly events: readonly ReaderEvent[];
  readonly end: EndEvent;
  readonly media: Buffer;
}

/** A reader that is running. */
export interface RunningReader {
  readonly child: ChildProcess;
  /** Events so far. */
  readonly events: readonly ReaderEvent[];
  /** Bytes of media so far. */
  mediaBytes(): number;
  readonly ended: Promise<ReaderResult>;
}

/** The command line of the compiled reader; HOLDFAST_DIST may name another folder with compiled files. */
export function compiledReaderCommand(specFile: string): string[] {
  const dist = process.env['HOLDFAST_DIST'];
  return readerCommand(specFile).map((part) =>
    dist !== undefined && part.endsWith('main.js') ? join(dist, 'activities/reader/main.js') : part,
  );
}

/** Starts the real program with its events on fd 5 and collects what it says. */
export async function startReader(spec: ReaderSpec): Promise<RunningReader> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-reader-'));
  const specFile = join(folder, 'spec.json');
  await writeFile(specFile, JSON.stringify(spec));
  const [program = '', ...parameters] = compiledReaderCommand(specFile);
  const child = spawn(program, parameters, {
    stdio: ['ignore', 'pipe', 'inherit', 'ignore', 'ignore', 'pipe'],
  });
  const media: Buffer[] = [];
  const events: ReaderEvent[] = [];
  child.stdout?.on('data', (chunk: Buffer) => media.push(chunk));
  collectLines((child.stdio as unknown as Readable[])[5] as Readable, (line) =>
    events.push(JSON.parse(line) as ReaderEvent),
  );
  const ended = new Promise<ReaderResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      void rm(folder, { recursive: true, force: true }).then(() =>
        resolve({ status, events, end: lastOf(events), media: Buffer.concat(media) }),
      );
    });
  });
  return { child, events, ended, mediaBytes: () => media.reduce((sum, chunk) => sum + chunk.length, 0) };
}

/** Runs the reader to its end. */
export async function runReader(spec: ReaderSpec): Promise<ReaderResult> {
  return (await startReader(spec)).ended;
}

/** Events of one type. */
export function eventsOf<Type extends ReaderEvent['type']>(
  events: readonly ReaderEvent[],
  type: Type,
): Extract<ReaderEvent, { type: Type }>[] {
  return events.filter((event): event is Extract<ReaderEvent, { type: Type }> => event.type === type);
}

/** Reads a file of events. */
export async function readEventFile(file: string): Promise<ReaderEvent[]> {
  const text = await readFile(file, 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ReaderEvent);
}

/** Waits until something holds; throws when it does not within half a minute. */
export async function until(holds: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + 30_000;
  while (!holds()) {
    if (Date.now() > deadlineMs) throw new Error(`not within 30 s: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function lastOf(events: readonly ReaderEvent[]): EndEvent {
  const last = events.at(-1);
  if (last?.type !== 'end') throw new Error(`the last event is ${JSON.stringify(last)}`);
  return last;
}

function collectLines(stream: Readable, take: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(take);
  });
}
