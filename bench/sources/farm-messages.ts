/** A request as the farm saw it. */
export interface FarmRequest {
  /** Name of the source, e.g. `healthy-12`. */
  readonly name: string;
  /** Epoch milliseconds, as the next. */
  readonly atMs: number;
  readonly endedAtMs: number;
  readonly status: number;
  /** The answer was sent to its end. */
  readonly whole: boolean;
}

/** What has been asked since the last report. */
export interface FarmReport {
  readonly requests: readonly FarmRequest[];
  /** The most requests that were open at the same time. */
  readonly atOnceMax: number;
}

/** `report`: what has been asked; `forget`: the same, and from now on every source is asked for the first time again. */
export type FarmQuestion = 'report' | 'forget';

export type FarmAnswer = FarmReport | { readonly port: number };
