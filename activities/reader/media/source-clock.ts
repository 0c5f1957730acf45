import type { SourceChange } from './cutter.js';

/**
 * Clocks of one source are set back by an encoder that starts anew or by the end of an advertisement. Sound that comes
 * late, and pictures whose time stamps are in the order of presentation, go back by less.
 */
const BACKWARD_MAX_SECONDS = 0.5;
/** Less may be media the source has lost on its way; more is another timeline to ffmpeg too. */
const FORWARD_MAX_SECONDS = 10;
/** A slide show without sound has steps of any length: only one that is longer than this many like it is a jump. */
const FORWARD_STEPS_MAX = 3;

/** How a format counts time. */
export interface TimeScale {
  readonly ticksPerSecond: number;
  /** The count begins again at zero after this many ticks: that is no jump. */
  readonly period: number;
}

/** Time stamps of MPEG-TS: 33 bits. */
export const TRANSPORT_STREAM_TIME: TimeScale = { ticksPerSecond: 90_000, period: 2 ** 33 };
/** Time stamps of FLV: 32 bits with the extension byte. */
export const FLV_TIME: TimeScale = { ticksPerSecond: 1_000, period: 2 ** 32 };

/** A decoding time of one of the streams of a source. */
export interface StreamTime {
  readonly kind: 'video' | 'audio';
  /** Tells the streams of the source apart. */
  readonly stream: number;
  readonly ticks: number;
}

interface StreamState {
  lastTicks: number;
  /** Null until a second time is known. */
  stepTicks: number | null;
}

/**
 * The decoding times of a source, stream by stream, and whether they jump. ffmpeg takes a jump backward for the end of the
 * count, or presses the pictures behind it into an instant. Each stream is compared with itself, so that sound may be
 * behind the picture.
 */
export class SourceClock {
  readonly #scale: TimeScale;
  readonly #streams = new Map<number, StreamState>();

  constructor(scale: TimeScale) {
    this.#scale = scale;
  }

  /** Learns a time, or tells that it is a jump and learns nothing. */
  observe(time: StreamTime): SourceChange | null {
    const jump = this.judge(time);
    if (jump === null) this.learn(time);
    return jump;
  }

  /**
   * Tells whether a time is a jump. The first time of a stream never is.
   * @param missingSeconds Media known to be missing before it: so much further forward is no jump.
   */
  judge(time: StreamTime, missingSeconds = 0): SourceChange | null {
    const state = this.#streams.get(time.stream);
    if (state === undefined) return null;
    const step = this.#step(state.lastTicks, time.ticks);
    const isJump = step < 0 ? this.#isBackward(step) : this.#isForward(time, step, state, missingSeconds);
    if (!isJump) return null;
    return {
      before: this.#describe(time.kind, state.lastTicks),
      after: this.#describe(time.kind, time.ticks),
    };
  }

  /** Takes a time as it is, also when it is a jump. */
  learn(time: StreamTime): void {
    const state = this.#streams.get(time.stream);
    if (state === undefined) {
      this.#streams.set(time.stream, { lastTicks: time.ticks, stepTicks: null });
      return;
    }
    state.stepTicks = Math.abs(this.#step(state.lastTicks, time.ticks));
    state.lastTicks = time.ticks;
  }

  #isBackward(step: number): boolean {
    return -step > BACKWARD_MAX_SECONDS * this.#scale.ticksPerSecond;
  }

  /**
   * One time alone is no timeline (some servers stamp the first picture zero), and where another stream of the source
   * already is there is no jump: this one was only silent.
   */
  #isForward(time: StreamTime, step: number, { stepTicks }: StreamState, missingSeconds: number): boolean {
    if (stepTicks === null) return false;
    const usual = (FORWARD_MAX_SECONDS + missingSeconds) * this.#scale.ticksPerSecond;
    const limit = Math.max(usual, FORWARD_STEPS_MAX * stepTicks);
    if (step <= limit) return false;
    return ![...this.#streams.values()].some(
      ({ lastTicks }) => Math.abs(this.#step(lastTicks, time.ticks)) <= limit,
    );
  }

  /** The shorter way from one time to another around the clock. */
  #step(from: number, to: number): number {
    const { period } = this.#scale;
    const forward = (((to - from) % period) + period) % period;
    return forward < period / 2 ? forward : forward - period;
  }

  #describe(kind: string, ticks: number): string {
    return `${kind} time ${(ticks / this.#scale.ticksPerSecond).toFixed(3)} s`;
  }
}
