import { setTimeout as sleep } from 'node:timers/promises';
import { LOOK_INTERVAL_MS, LOOK_TIMEOUT_MS } from './limits.js';

export interface LookerHandlers {
  /** The first of a row of failures. */
  onAway(error: unknown): void;
  /** The first success after one. */
  onBack(): void;
}

/** Looks at one place again and again while it is wanted, whether it answers or not. */
export class Looker {
  /** Why the newest look failed; null when it did not. */
  problem: unknown = null;
  /** Resolves after the first look since the start, however it went. */
  firstLook: Promise<void> = Promise.resolve();
  private stopping: AbortController | null = null;

  constructor(
    private readonly look: () => Promise<void>,
    private readonly handlers: LookerHandlers,
  ) {}

  /** Does nothing when it looks already. */
  start(): void {
    if (this.stopping !== null) return;
    const { signal } = (this.stopping = new AbortController());
    this.firstLook = this.lookOnce();
    void this.goOn(signal);
  }

  stop(): void {
    this.stopping?.abort();
    this.stopping = null;
  }

  private async goOn(signal: AbortSignal): Promise<void> {
    await this.firstLook;
    while (!signal.aborted) {
      await sleep(LOOK_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await this.lookOnce();
    }
  }

  private async lookOnce(): Promise<void> {
    try {
      await inTime(this.look());
      if (this.problem !== null) this.handlers.onBack();
      this.problem = null;
    } catch (error) {
      if (this.problem === null) this.handlers.onAway(error);
      this.problem = error ?? new Error('it cannot be read');
    }
  }
}

/** A look that hangs must not keep others from being tried. */
async function inTime(look: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${LOOK_TIMEOUT_MS / 1_000} s`)),
      LOOK_TIMEOUT_MS,
    );
  });
  try {
    await Promise.race([look, late]);
  } finally {
    clearTimeout(timer);
    look.catch(() => undefined);
  }
}
