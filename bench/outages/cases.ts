import type { LiveSource } from '../../test/support/live-source/index.js';
import type { Recorder } from './recorders.js';

/** One way to lose a source, and how long it is away. */
export interface OutageCase {
  readonly name: string;
  readonly outageMs: number;
  /** Resolves when the source is back. */
  readonly happen: (source: LiveSource, recorders: readonly Recorder[]) => Promise<void>;
}

/** The five columns of the comparison. */
export const OUTAGE_CASES: readonly OutageCase[] = [
  {
    name: 'RST to every client',
    outageMs: 0,
    happen: (source) => Promise.resolve(source.rst()),
  },
  { name: '10 s refused', outageMs: 10_000, happen: (source) => source.refuse(10_000) },
  { name: '12.3 s refused', outageMs: 12_300, happen: (source) => source.refuse(12_300) },
  { name: '40 s of silence', outageMs: 40_000, happen: (source) => source.silence(40_000) },
  {
    name: 'SIGKILL of the recorder',
    outageMs: 0,
    happen: async (_source, recorders) => {
      await Promise.all(recorders.map((recorder) => recorder.kill()));
    },
  },
];
