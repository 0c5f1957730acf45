import type { CustodyServices } from './services.js';
import type { SupervisedRun } from './supervised-run.js';
import { boundLogs, pollRun, tickRun } from './supervise.js';

/** A log that was not cut for this many looks is calm again. */
const CALM_LOOKS = 40;

/** One timer for all runs. Reading is synchronous: a few microseconds for each file, all of them local and most unchanged. */
export class CustodianLoop {
  readonly #services: CustodyServices;
  readonly #flooding = new Map<SupervisedRun, number>();
  #timer: NodeJS.Timeout | null = null;
  #floodTimer: NodeJS.Timeout | null = null;

  constructor(services: CustodyServices) {
    this.#services = services;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#look(), this.#services.limits.pollIntervalMs);
    this.#look();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#calmDown();
    this.#flooding.clear();
  }

  #look(): void {
    const nowMs = performance.now();
    for (const run of this.#services.registry.all()) {
      this.#guarded(run, () => {
        pollRun(this.#services, run);
        if (nowMs >= run.tickDueAtMs) {
          run.tickDueAtMs = nowMs + this.#services.limits.tickIntervalMs;
          tickRun(this.#services, run);
        }
        if (!this.#flooding.has(run) && boundLogs(this.#services, run)) this.#watchFlood(run);
      });
    }
  }

  #watchFlood(run: SupervisedRun): void {
    this.#services.logger.warn({ runKey: run.runKey }, 'a log was cut');
    this.#flooding.set(run, CALM_LOOKS);
    this.#floodTimer ??= setInterval(() => this.#lookAtFloods(), this.#services.limits.floodIntervalMs);
  }

  #lookAtFloods(): void {
    for (const [run, looksLeft] of this.#flooding) {
      this.#guarded(run, () => {
        const cut = boundLogs(this.#services, run);
        if (cut) this.#flooding.set(run, CALM_LOOKS);
        else if (looksLeft > 1 && !run.released) this.#flooding.set(run, looksLeft - 1);
        else this.#flooding.delete(run);
      });
    }
    if (this.#flooding.size === 0) this.#calmDown();
  }

  #calmDown(): void {
    if (this.#floodTimer !== null) clearInterval(this.#floodTimer);
    this.#floodTimer = null;
  }

  /** One run with an unreadable file disturbs no other. */
  #guarded(run: SupervisedRun, look: () => void): void {
    try {
      look();
    } catch (error) {
      this.#flooding.delete(run);
      this.#services.logger.warn({ runKey: run.runKey, err: error }, 'a run could not be looked at');
    }
  }
}
