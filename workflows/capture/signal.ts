import { CancellationScope, condition, log } from '@temporalio/workflow';
import type { WatchSignalInput } from '../../core/activity-contract.js';
import {
  NO_EPISODE,
  SIGNAL_SETTLED_AFTER_MS,
  signalChanged,
  signalSettled,
  type EpisodeStep,
  type SignalEpisode,
} from '../../core/signal/episode.js';
import { watchSignalProxy } from '../proxies.js';
import { outcomeUnless } from '../waits.js';
import type { CaptureInstance } from './instance.js';

/** Before a refused question is put again. */
const REFUSED_PAUSE_MS = 10_000;

/** What is known of the input signal, as it is carried over continue-as-new. */
export interface CarriedSignal {
  readonly lost: boolean;
  readonly detail: string;
  readonly awaitsResume: boolean;
  readonly resumeWanted: boolean;
  readonly episode: SignalEpisode;
}

/** The input signal of a capture: whether it is there, and what people were told of it. */
export class InputSignal {
  /** Grows with every change: whoever watched for the one before has to watch anew. */
  version = 0;
  lost: boolean;
  detail: string;
  /** The signal is back, and somebody has to say `resume`. */
  awaitsResume: boolean;
  /** Somebody has said `resume` while the signal was away. */
  resumeWanted: boolean;
  #episode: SignalEpisode;
  readonly #tell: (news: 'lost' | 'back') => void;

  constructor(tell: (news: 'lost' | 'back') => void, carried?: CarriedSignal) {
    this.#tell = tell;
    this.lost = carried?.lost ?? false;
    this.detail = carried?.detail ?? '';
    this.awaitsResume = carried?.awaitsResume ?? false;
    this.resumeWanted = carried?.resumeWanted ?? false;
    this.#episode = carried?.episode ?? NO_EPISODE;
    if (carried !== undefined) this.#tellLater();
  }

  change(lost: boolean, detail: string): void {
    this.version += 1;
    this.lost = lost;
    this.detail = detail;
    this.awaitsResume = false;
    if (lost) this.resumeWanted = false;
    this.#take(signalChanged(this.#episode, this.#now, Date.now()));
    this.#tellLater();
  }

  /** Somebody wants to try without a signal; people hear of it only if that works. */
  assumePresent(): void {
    this.version += 1;
    this.lost = false;
    this.awaitsResume = false;
  }

  /** The ingest delivers, so there is a signal. */
  confirm(): void {
    if (this.#episode.told === 'lost' && !this.lost) this.change(false, 'the ingest delivers');
  }

  carry(): CarriedSignal {
    const { lost, detail, awaitsResume, resumeWanted } = this;
    return { lost, detail, awaitsResume, resumeWanted, episode: this.#episode };
  }

  get #now(): 'present' | 'lost' {
    return this.lost ? 'lost' : 'present';
  }

  #take({ episode, tell }: EpisodeStep): void {
    this.#episode = episode;
    if (tell !== null) this.#tell(tell);
  }

  /** The news may come in a message: a cancellation must not end the wait with an error that nobody takes. */
  #tellLater(): void {
    void CancellationScope.nonCancellable(() => this.#tellWhenSettled());
  }

  /** After a flapping signal people must not be left with the wrong last word. */
  async #tellWhenSettled(): Promise<void> {
    if (this.#episode.told === this.#now) return;
    const { version } = this;
    const summary = 'has the signal settled?';
    const changed = await condition(() => this.version !== version, SIGNAL_SETTLED_AFTER_MS, { summary });
    if (!changed) this.#take(signalSettled(this.#episode, this.#now));
  }
}

/** Watches the signal with the probe of the configuration for as long as the instance lives. */
export async function watchSignal(capture: CaptureInstance): Promise<void> {
  const { signal, control } = capture;
  for (;;) {
    await condition(() => control.leaving || control.wish === 'stop' || isWatchable(capture));
    if (control.leaving || control.wish === 'stop') return;
    const { version } = signal;
    const { probe } = capture;
    if (probe === null) continue;
    const until = signal.lost ? 'return' : 'loss';
    const answer = await ask(capture, { instance: capture.workflowId, probe, until }, () => {
      const isStale = signal.version !== version || capture.probe !== probe;
      return isStale || control.wish !== 'run' || control.leaving;
    });
    if (answer === undefined || signal.version !== version) continue;
    if (until === 'loss') capture.loseSignal('probe', answer);
    else capture.signalBack();
  }
}

/** A paused capture needs no signal. */
function isWatchable(capture: CaptureInstance): boolean {
  return capture.control.wish === 'run' && capture.probe !== null;
}

/** What the probe has seen; undefined when something else came first. */
async function ask(
  capture: CaptureInstance,
  input: WatchSignalInput,
  overtaken: () => boolean,
): Promise<string | undefined> {
  const outcome = await outcomeUnless(overtaken, () =>
    watchSignalProxy(capture.host.host, input.until).watchSignal(input),
  );
  if (outcome === undefined) return undefined;
  if ('value' in outcome) return outcome.value.detail;
  log.warn('the signal could not be watched', { error: outcome.error });
  // Only a worker of another version refuses the question; one that knows it will come.
  await condition(overtaken, REFUSED_PAUSE_MS, { summary: 'ask for the signal again' });
  return undefined;
}
