import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { JobView } from '../../../core/jobs/view.js';
import type { JobSource } from '../../library/jobs.js';
import { StreamClients, type StreamOptions } from '../streams/stream-clients.js';
import { JobReader, type Acquaintance } from './job-reader.js';
import { FIRST_READING_MS, LINGER_MS } from './limits.js';

export interface JobHubDeps {
  readonly source: JobSource;
  readonly logger: Logger;
  readonly nowMs: () => number;
}

export interface JobHubOptions extends StreamOptions {
  /** A job is read on for this long after its last client went. */
  readonly lingerMs: number;
}

/** How a request for a stream is to be answered; a stream must be either served or left. */
export type StreamVerdict =
  | { readonly answer: 'unknown' | 'read' | 'full' }
  | { readonly answer: 'stream'; readonly serve: Serve; readonly leave: () => void };

/** Takes the response over; `headers` are sent with those of an event stream. */
type Serve = (response: ServerResponse, headers: OutgoingHttpHeaders) => void;

/** The streams of all jobs in one process: one reader a job, whatever the number of its clients. */
export class JobHub {
  private readonly readers = new Map<string, JobReader>();
  private readonly streams: StreamClients;
  private readonly lingerMs: number;

  constructor(
    private readonly deps: JobHubDeps,
    { lingerMs = LINGER_MS, ...options }: Partial<JobHubOptions> = {},
  ) {
    this.lingerMs = lingerMs;
    this.streams = new StreamClients(deps.nowMs, options);
  }

  /** Jobs that are read at present. */
  get readerCount(): number {
    return this.readers.size;
  }

  /** Clients at present. */
  get streamCount(): number {
    return this.streams.count;
  }

  /** A job that is followed, as its clients know it; null for one that has to be read. */
  freshView(id: string): JobView | null {
    return this.readers.get(id)?.freshView ?? null;
  }

  /** A job that was over is started again: whoever comes now follows its new life. */
  beginAnew(id: string): void {
    const reader = this.readers.get(id);
    if (reader?.over === true) this.readers.delete(id);
  }

  /**
   * Decides about a request for the stream of a job.
   * @param cursor the last offset that the client has seen, 0 for none
   */
  async ask(id: string, cursor: number): Promise<StreamVerdict> {
    if (this.streams.full) return { answer: 'full' };
    const reader = this.readerOf(id);
    reader.users += 1;
    const acquaintance = await firstWord(reader);
    if (acquaintance === 'unknown') {
      this.forget(reader);
      return { answer: 'unknown' };
    }
    if (reader.over && cursor > 0 && cursor === reader.window.last) {
      this.release(reader);
      return { answer: 'read' };
    }
    return {
      answer: 'stream',
      serve: (response, headers) => this.serve(reader, response, headers, cursor),
      leave: () => this.release(reader),
    };
  }

  /** Ends all streams in an orderly way; their clients come again, here or elsewhere. */
  close(): void {
    this.streams.close();
    for (const reader of this.readers.values()) reader.stop();
    this.readers.clear();
  }

  private serve(
    reader: JobReader,
    response: ServerResponse,
    headers: OutgoingHttpHeaders,
    cursor: number,
  ): void {
    const opening = { facts: reader, cursor, greeting: reader.trouble };
    const client = this.streams.add(response, headers, opening, (gone) => {
      reader.clients.delete(gone);
      this.release(reader);
    });
    reader.clients.add(client);
    reader.log.started(cursor);
    reader.sayCompleted();
    client.pump();
  }

  private readerOf(id: string): JobReader {
    const known = this.readers.get(id);
    if (known?.isOutdated === false) return known;
    const reader = new JobReader(id, this.deps);
    this.readers.set(id, reader);
    return reader;
  }

  /** A reader that nobody has used for a moment is forgotten. */
  private release(reader: JobReader): void {
    reader.users -= 1;
    setTimeout(() => {
      if (reader.users === 0) this.forget(reader);
    }, this.lingerMs).unref();
  }

  private forget(reader: JobReader): void {
    reader.stop();
    if (this.readers.get(reader.id) === reader) this.readers.delete(reader.id);
  }
}

async function firstWord(reader: JobReader): Promise<Acquaintance> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Acquaintance>((resolve) => {
    timer = setTimeout(() => resolve('undetermined'), FIRST_READING_MS);
  });
  try {
    return await Promise.race([reader.acquaintance, late]);
  } finally {
    clearTimeout(timer);
  }
}
