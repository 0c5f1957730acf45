import { ActivityFailure, CancellationScope, condition, TimeoutFailure } from '@temporalio/workflow';
import type { MediaCause } from '../core/causes.js';
import { endBeforeStart, type MediaSource, type RunEnd, type RunSpec } from '../core/run.js';
import type { Control } from './control.js';
import { awaitSourceProxy, pingProxy, runProxy, stopProxy } from './proxies.js';
import { endedInVain, unlessInterrupted } from './waits.js';

/** The run has ended (by itself or because `control` asked for it), nobody on the host answers, or it was left to the next execution. */
export type RunResult =
  | { readonly kind: 'ended'; readonly end: RunEnd; readonly asked: boolean }
  | { readonly kind: 'host_lost' }
  | { readonly kind: 'left' };

/** True when no worker took the task in time: the host is down. */
export function isHostLost(error: unknown): boolean {
  return (
    error instanceof ActivityFailure &&
    error.cause instanceof TimeoutFailure &&
    error.cause.timeoutType === 'SCHEDULE_TO_START'
  );
}

/** What one instance asks of the host it lives on. */
export class HostLink {
  readonly host: string;
  readonly #heartbeatTimeoutMs: number;

  constructor(host: string, heartbeatTimeoutMs: number) {
    this.host = host;
    this.#heartbeatTimeoutMs = heartbeatTimeoutMs;
  }

  /** Starts (or adopts) the run and waits for its end, which `control` may bring about. */
  async run(spec: RunSpec, control: Control, onStopping: () => void): Promise<RunResult> {
    const scope = new CancellationScope({ cancellable: true });
    let ended: RunEnd | undefined;
    let failure: unknown;
    let settled = false;
    const running = scope
      .run(() =>
        runProxy(this.host, this.#heartbeatTimeoutMs, `${spec.branch} run ${spec.run}`).startRun(spec),
      )
      .then(
        (end) => {
          ended = end;
        },
        (error: unknown) => {
          failure = error;
        },
      )
      .finally(() => {
        settled = true;
      });
    const isOver = () => settled || control.runMustEnd || control.leaving;
    // Nobody wants the run to end, or to be left, when what was wanted has been taken back.
    do await condition(isOver);
    while (endedInVain(isOver));
    if (!settled && !control.runMustEnd) return { kind: 'left' };
    if (!settled) {
      onStopping();
      const end = await this.stop(spec, control.endReason, control.endCause);
      // A task that no worker has taken yet must not start the process after all.
      scope.cancel();
      await running;
      return {
        kind: 'ended',
        end: end ?? ended ?? endBeforeStart(spec.runKey, new Date().toISOString()),
        asked: true,
      };
    }
    if (ended !== undefined) return { kind: 'ended', end: ended, asked: control.runMustEnd };
    if (isHostLost(failure)) return { kind: 'host_lost' };
    throw failure;
  }

  /** Ends a run by the stop ladder; waits for the host if it is down. */
  async stop(
    { runKey }: Pick<RunSpec, 'runKey'>,
    reason: string,
    cause?: MediaCause,
  ): Promise<RunEnd | null> {
    const why = cause === undefined ? { reason } : { reason, cause };
    return await stopProxy(this.host, `stop: ${reason}`).stopRun({ runKey, ...why });
  }

  /** Waits until a worker of the host polls again; false when `control` wants something else first. */
  async awaitHost(control: Control): Promise<boolean> {
    const answer = await unlessInterrupted(control, () => pingProxy(this.host).pingHost());
    return answer !== undefined;
  }

  /** Asks the media host until it answers; the caller cancels the scope when it has waited enough. */
  async awaitSource(media: MediaSource, timeoutMs: number, notBeforeMs: number): Promise<boolean> {
    const { answered } = await awaitSourceProxy(this.host).awaitSource({ media, timeoutMs, notBeforeMs });
    return answered;
  }
}
