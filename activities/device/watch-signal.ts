import type { Logger } from 'pino';
import type { HostActivities, WatchSignalInput, WatchSignalResult } from '../../core/activity-contract.js';
import { debounce, DEBOUNCE_START, settlesInMs, type DebounceRule } from '../../core/signal/debounce.js';
import { Wakeup } from '../custody/wakeup.js';
import { currentScope } from '../resolve/activity-scope.js';
import type { Environment } from '../secrets/index.js';
import { abortable } from './abortable.js';
import { readProbe, type AskableProbe } from './probe.js';
import type { ProbeReading } from './reading.js';
import { followSourceChanges } from './source-changes.js';

export interface WatchSignalOptions {
  readonly logger: Pick<Logger, 'debug' | 'warn'>;
  /** Environment of the programs that are asked, and where `${env:NAME}` comes from. */
  readonly env: Environment;
}

/** Cancellation arrives in answer to heartbeats; how often they are really sent is the worker's matter. */
const HEARTBEAT_INTERVAL_MS = 1_000;
/** Shortest pause between two questions, however near the decision is. */
const PAUSE_MIN_MS = 10;

/**
 * Watches the signal of an input until the probe has seen it go, or come back, for as long as its settings ask. What the
 * readings amount to is decided by `core/signal/debounce.ts`. Nothing is kept: after a restart of the worker the clock
 * of the debounce starts anew.
 */
export function createWatchSignal({ logger, env }: WatchSignalOptions): HostActivities['watchSignal'] {
  return async (input) => {
    const { signal, heartbeat } = currentScope();
    heartbeat();
    const beat = setInterval(heartbeat, HEARTBEAT_INTERVAL_MS);
    const ended = new AbortController();
    const watch = new SignalWatch(input, { logger, env }, AbortSignal.any([signal, ended.signal]));
    try {
      return await watch.untilSettled();
    } finally {
      clearInterval(beat);
      ended.abort();
    }
  };
}

class SignalWatch {
  readonly #input: WatchSignalInput;
  readonly #options: WatchSignalOptions;
  readonly #signal: AbortSignal;
  readonly #rule: DebounceRule;
  readonly #lookNow = new Wakeup();
  #saidUnknown = '';

  constructor(input: WatchSignalInput, options: WatchSignalOptions, signal: AbortSignal) {
    this.#input = input;
    this.#options = options;
    this.#signal = signal;
    this.#rule = ruleOf(input);
  }

  async untilSettled(): Promise<WatchSignalResult> {
    this.#followEvents();
    let state = DEBOUNCE_START;
    let since = '';
    for (;;) {
      const reading = await readProbe(this.#input.probe, { signal: this.#signal, env: this.#options.env });
      const nowMs = performance.now();
      this.#say(reading);
      const before = state.sinceMs;
      state = debounce(state, reading.signal, nowMs, this.#rule);
      if (state.sinceMs !== before) since = new Date().toISOString();
      if (state.settled) return { detail: reading.detail, since };
      await this.#pause(settlesInMs(state, performance.now(), this.#rule));
    }
  }

  /** Until the next question is due, the decision can fall, or the driver has news. */
  async #pause(settlesMs: number | null): Promise<void> {
    const pauseMs = Math.min(this.#input.probe.interval, Math.ceil(settlesMs ?? Infinity));
    await abortable(this.#lookNow.wait(Math.max(PAUSE_MIN_MS, pauseMs)), this.#signal);
  }

  #followEvents(): void {
    const { probe } = this.#input;
    if (probe.kind !== 'v4l2' || probe.device === undefined) return;
    void followSourceChanges({
      device: probe.device,
      onChange: () => this.#lookNow.notify(),
      logger: this.#options.logger,
      signal: this.#signal,
      env: this.#options.env,
    });
  }

  /** A probe that cannot tell is worth a line, but not one for each question. */
  #say({ signal, detail }: ProbeReading): void {
    const { instance, probe } = this.#input;
    const unknown = signal === 'unknown' ? detail : '';
    if (unknown !== '' && unknown !== this.#saidUnknown) {
      this.#options.logger.warn(
        { instance, probe: probe.kind, detail },
        'the probe cannot tell whether there is a signal',
      );
    }
    if (unknown !== '') this.#saidUnknown = unknown;
  }
}

function ruleOf({ probe, until }: { readonly probe: AskableProbe; readonly until: DebounceRule['until'] }) {
  return { until, holdMs: until === 'loss' ? probe.debounce : probe.stable };
}
