import type { EncodeConfig } from '../../core/config/capture.js';

/** What goes into the pipelines under comparison. */
export interface Feed {
  readonly name: string;
  /** ffmpeg's words up to the last input. */
  readonly input: readonly string[];
  /** Encoded anew, or passed on as it is. */
  readonly encode: EncodeConfig | null;
  /** The file that is passed on; the truth about which pictures there are. Null when they are made while it runs. */
  readonly file: string | null;
}

/** One input and several outputs, each of which leaves files behind. */
export interface Pipeline {
  readonly name: string;
  /** Resolves when every output delivers. */
  start(): Promise<void>;
  /** CPU seconds so far: all of it, and the outputs alone where they are processes of their own. */
  cpuSeconds(): Promise<PipelineSeconds>;
  /** Ends the outputs before what feeds them. */
  stop(): Promise<void>;
  /** Media files of each output, in order. */
  files(): Promise<string[][]>;
  /** What the pipeline itself noticed of its losses. Ask after `stop`. */
  noticedLosses(): NoticedLosses;
}

export interface PipelineSeconds {
  readonly all: number;
  readonly outputs: readonly number[];
}

export interface NoticedLosses {
  /** Continuity errors that the readers have counted, all together. */
  readonly continuityErrors: number | null;
  /** Datagrams that did not fit into the buffer of a reader's socket, as the kernel counts them. */
  readonly droppedDatagrams: number | null;
}
