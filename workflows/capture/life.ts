import { CancellationScope, condition, patched } from '@temporalio/workflow';
import { allGone } from '../../core/capture-state.js';
import { historyIsLong } from '../history.js';
import { endRun, supervise } from '../supervise.js';
import { enter, type BranchResult, type Failure } from '../supervised-branch.js';
import { endedInVain } from '../waits.js';
import type { IngestBranch, OutputBranch } from './branch.js';
import type { CaptureInstance } from './instance.js';
import { watchSignal } from './signal.js';

/** Runs the branches of a capture side by side until the instance is over or its history is long enough. */
export class CaptureLife {
  readonly #capture: CaptureInstance;
  readonly #branches = new Set<Promise<void>>();
  #ingestResult: BranchResult | null = null;
  #hasBegun = false;

  constructor(capture: CaptureInstance) {
    this.#capture = capture;
  }

  /**
   * Takes an output up, at the beginning or while live: in a message, a cancellation would reach it and end it without order. One that is
   * added before the beginning is taken up with the others.
   */
  begin(output: OutputBranch): void {
    if (!this.#hasBegun && patched('outputs-begin-with-the-capture')) return;
    this.#track(CancellationScope.nonCancellable(() => this.#liveOutput(output)));
  }

  async run(): Promise<BranchResult> {
    const capture = this.#capture;
    this.#hasBegun = true;
    this.#track(
      supervise(capture.ingest).then((result) => {
        this.#ingestResult = result;
      }),
    );
    for (const output of capture.outputs) this.begin(output);
    this.#track(watchSignal(capture));
    const isOver = () => this.#ingestResult !== null || this.#lastFailure() !== null || historyIsLong();
    // The last output may have been given up and told to try again in the same task.
    do await condition(isOver);
    while (endedInVain(isOver));
    const failure = this.#failure();
    if (failure === null && this.#ingestResult === null) capture.leave();
    else capture.stop(failure ?? undefined);
    capture.failure = failure;
    capture.changed();
    await Promise.all(this.#branches);
    return await this.#conclude(failure);
  }

  #track(life: Promise<void>): void {
    const tracked = life.finally(() => this.#branches.delete(tracked));
    this.#branches.add(tracked);
  }

  async #conclude(failure: Failure | null): Promise<BranchResult> {
    const result = failure ?? this.#ingestResult ?? { kind: 'rollover' };
    if (result.kind === 'rollover') await this.#heedLateWishes();
    else await this.#endWhatWasLeft();
    return result;
  }

  /** What was asked for when the branches had been left already: the next execution takes up whatever lives. */
  async #heedLateWishes(): Promise<void> {
    const unwanted = () =>
      this.#capture.branches.filter(({ record, control }) => record.hasLivingRun && control.runMustEnd);
    for (let branches = unwanted(); branches.length > 0; branches = unwanted()) await this.#endAll(branches);
    for (const { record, control } of this.#capture.branches) {
      if (control.interruptedWhileLeaving) record.waitIsOver();
    }
  }

  /** The ingest has ended in the very moment in which the outputs were left to a next execution that will not come. */
  async #endWhatWasLeft(): Promise<void> {
    const left = this.#capture.outputs.filter(({ record }) => record.hasLivingRun);
    this.#capture.stop();
    await this.#endAll(left);
    for (const output of left) enter(output, 'stopped', 'the capture has ended');
  }

  /** Ends runs that were left to a next execution although none may take them up. */
  async #endAll(branches: readonly (IngestBranch | OutputBranch)[]): Promise<void> {
    await Promise.all(branches.map(endRun));
  }

  async #liveOutput(output: OutputBranch): Promise<void> {
    const { control } = output;
    for (;;) {
      await condition(() => !output.isGone || control.wish === 'stop' || control.leaving);
      if (output.isGone) break;
      const result = await supervise(output);
      if (result.kind !== 'failed') break;
      output.failure = result;
      output.isGone = true;
      this.#capture.changed();
    }
    output.isOver = true;
    if (output.isRemoved) this.#capture.forget(output);
  }

  /** Why no output is left; null while one is, or when there never was any. */
  #lastFailure(): Failure | null {
    const outputs = this.#capture.configuredOutputs;
    const states = outputs.map((output) => ({ status: output.record.status(), isGone: output.isGone }));
    return allGone(states) ? this.#capture.newestFailure : null;
  }

  #failure(): Failure | null {
    if (this.#ingestResult?.kind === 'failed') return this.#ingestResult;
    return this.#ingestResult === null ? this.#lastFailure() : null;
  }
}
