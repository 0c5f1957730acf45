import type { LiveSource } from '../../test/support/live-source/index.js';
import type { Recorder } from './recorders.js';

/** One way to lose a source, and how long it is away. */
export interface OutageCase {
  readonly name: string;
  readonly outageMs: number;
  /** How often it happens in one recording; the figures are for one time. */
  readonly times: number;
  /** Resolves when the source is back. */
  readonly happen: (source: LiveSource, recorders: readonly Recorder[]) => Promise<void>;
}

/** What a reset costs depends on how far the next keyframe is: several, at different distances from it. */
const RESETS = 6;
const RESET_INTERVAL_MS = 6_170;

/** The five columns of the comparison. */
export const OUTAGE_CASES: readonly OutageCase[] = [
  {
    name: 'RST to every client',
    outageMs: 0,
    times: RESETS,
    happen: async (source) => {
      for (let reset = 0; reset < RESETS; reset += 1) {
        source.rst();
        await new Promise((resolve) => setTimeout(resolve, RESET_INTERVAL_MS));
      }
    },
  },
  { name: '10 s refused', outageMs: 10_000, times: 1, happen: (source) => source.refuse(10_000) },
  { name: '12.3 s refused', outageMs: 12_300, times: 1, happen: (source) => source.refuse(12_300) },
  { name: '40 s of silence', outageMs: 40_000, times: 1, happen: (source) => source.silence(40_000) },
  {
    name: 'SIGKILL of the recorder',
    outageMs: 0,
    times: 1,
    happen: async (_source, recorders) => {
      await Promise.all(recorders.map((recorder) => recorder.kill()));
    },
  },
];
