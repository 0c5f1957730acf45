import type { IncomingMessage, ServerResponse } from 'node:http';
import { startEncoder } from './encoder.js';
import { commitFault, FaultPlan, type FaultKind, type FaultOptions } from './faults.js';
import { FlvSplitter } from './flv-units.js';
import { HlsWindow, type HlsOptions } from './hls-window.js';
import { BreakableServer } from './breakable-server.js';
import { ShownPictures } from './shown-pictures.js';
import { TransportSplitter } from './transport-units.js';
import { Viewers } from './viewers.js';

export interface LiveSourceOptions {
  readonly hls?: HlsOptions;
  /** Port to listen on. Default: a free one. */
  readonly port?: number;
}

/** A running live source. Every viewer gets the show from the current position on. */
export interface LiveSource {
  readonly urls: { readonly ts: string; readonly flv: string; readonly hls: string };
  readonly port: number;
  /** Number of the newest picture that had left the encoder at this time (ms since 1970). */
  frameAt(timeMs: number): number;
  /** Paths asked for so far, newest last (at most 10,000). */
  readonly requests: readonly { readonly path: string; readonly atMs: number }[];
  /** Viewers of the two endless streams. */
  viewerCount(): number;
  /** Waits until the HLS playlist lists this many segments. */
  hlsReady(segments: number): Promise<void>;
  /** Resets every connection. */
  rst(): void;
  /** Closes every connection politely, in the middle of what is being sent. */
  fin(): void;
  /** Resets every connection and refuses new ones; resolves when the source listens again. */
  refuse(durationMs: number): Promise<void>;
  /** Keeps every connection open and sends nothing, answers nothing; resolves when it goes on. */
  silence(durationMs: number): Promise<void>;
  /** Makes coming requests fail. */
  failNext(kind: FaultKind, options?: FaultOptions): void;
  /** HLS numbers begin anew at 0 with other names. */
  restartHls(): void;
  /** The show is over: EXT-X-ENDLIST, and the endless streams end as they should. */
  endShow(): void;
  close(): Promise<void>;
}

/** Starts a live source: 320x180, 25 pictures a second, a group of pictures each second, AAC. */
export async function startLiveSource(options: LiveSourceOptions = {}): Promise<LiveSource> {
  const encoder = startEncoder();
  const show = new Show(options.hls ?? {});
  encoder.transportStream.on('data', (chunk: Buffer) => show.takeTransport(chunk));
  encoder.flv.on('data', (chunk: Buffer) => show.takeFlv(chunk));
  const server = new BreakableServer((request, response) => show.answer(request, response));
  const port = await server.listen(options.port ?? 0);
  await until(() => show.started);
  const base = `http://127.0.0.1:${port}`;
  return {
    urls: { ts: `${base}/live.ts`, flv: `${base}/live.flv`, hls: `${base}/hls/index.m3u8` },
    port,
    requests: show.requests,
    frameAt: (timeMs) => show.pictures.at(timeMs),
    viewerCount: () => show.viewerCount(),
    hlsReady: (segments) => until(() => show.hls.listed >= segments),
    rst: () => server.resetAll(),
    fin: () => server.finishAll(),
    refuse: (durationMs) => server.refuse(durationMs),
    silence: (durationMs) => show.silence(durationMs),
    failNext: (kind, faultOptions = {}) => show.faults.add(kind, faultOptions),
    restartHls: () => show.hls.restart(),
    endShow: () => show.end(),
    close: async () => {
      await encoder.close();
      await server.close();
    },
  };
}

/** The encoder starts within two seconds; a segment takes as long as it is. */
const READY_TIMEOUT_MS = 60_000;
const MAX_REQUESTS_KEPT = 10_000;

/** What is being shown, to whom, and what goes wrong with it. */
class Show {
  readonly hls: HlsWindow;
  readonly faults = new FaultPlan();
  readonly pictures = new ShownPictures();
  readonly requests: { path: string; atMs: number }[] = [];
  readonly #transport = new TransportSplitter();
  readonly #flv = new FlvSplitter();
  readonly #transportViewers = new Viewers();
  readonly #flvViewers = new Viewers();
  #transportStarted = false;
  #silenceEnds: Promise<void> | null = null;

  constructor(hlsOptions: HlsOptions) {
    this.hls = new HlsWindow(hlsOptions);
  }

  takeTransport(chunk: Buffer): void {
    this.#transportStarted = true;
    const nowMs = Date.now();
    for (const unit of this.#transport.push(chunk)) {
      this.pictures.add(unit.pictures, nowMs);
      this.hls.push(unit, nowMs);
      if (this.#silenceEnds === null) this.#transportViewers.send(unit.bytes);
    }
  }

  takeFlv(chunk: Buffer): void {
    for (const tag of this.#flv.push(chunk)) if (this.#silenceEnds === null) this.#flvViewers.send(tag);
  }

  /** Pictures are coming in both formats. */
  get started(): boolean {
    return this.#transportStarted && this.#flv.headComplete;
  }

  viewerCount(): number {
    return this.#transportViewers.count + this.#flvViewers.count;
  }

  async silence(durationMs: number): Promise<void> {
    this.#silenceEnds = delay(durationMs);
    await this.#silenceEnds;
    this.#silenceEnds = null;
  }

  end(): void {
    this.hls.end();
    this.#transportViewers.end();
    this.#flvViewers.end();
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (this.requests.push({ path, atMs: Date.now() }) > MAX_REQUESTS_KEPT) this.requests.shift();
    if (this.#silenceEnds !== null) await this.#silenceEnds;
    const fault = this.faults.take(path);
    if (fault !== null) commitFault(fault, request, response);
    else if (path === '/live.ts') this.#transportViewers.add(response, 'video/mp2t', Buffer.alloc(0));
    else if (path === '/live.flv') this.#flvViewers.add(response, 'video/x-flv', this.#flv.head);
    else this.#answerHls(path, response);
  }

  #answerHls(path: string, response: ServerResponse): void {
    if (path === '/hls/index.m3u8') {
      response.writeHead(200, { 'Content-Type': 'application/vnd.apple.mpegurl' }).end(this.hls.playlist());
      return;
    }
    const bytes = this.hls.segment(path.slice('/hls/'.length));
    if (bytes === null) response.writeHead(404).end();
    else response.writeHead(200, { 'Content-Type': 'video/mp2t', 'Content-Length': bytes.length }).end(bytes);
  }
}

function delay(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

async function until(holds: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + READY_TIMEOUT_MS;
  while (!holds()) {
    if (Date.now() > deadlineMs) throw new Error('the live source does not get ready');
    await delay(50);
  }
}
