import { setTimeout as sleep } from 'node:timers/promises';
import { serve, startAt, type LaunchContext, type Launched } from './launch.js';
import { terminateServer, type ServerExit, type ServerProcess } from './server-process.js';

/** The first restart is at once in human terms; a server that cannot live is tried twice a minute. */
const RESTART_DELAY_MS_MIN = 250;
const RESTART_DELAY_MS_MAX = 30_000;
/** A server that has lived this long has earned a quick restart again. */
const HEALTHY_AFTER_MS = 60_000;

/** Restarts a server that dies unasked, on the same ports, until it is told to stop. */
export class Guardian {
  readonly #context: LaunchContext;
  readonly #launched: Launched;
  readonly #stopping = new AbortController();
  readonly #watching: Promise<void>;
  #server: ServerProcess;

  constructor(context: LaunchContext, launched: Launched) {
    this.#context = context;
    this.#launched = launched;
    this.#server = launched.server;
    this.#watching = this.#watch();
  }

  get pid(): number {
    return this.#server.identity.pid;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await terminateServer(this.#server);
    await this.#watching;
    // A restart may have been under way when the order came.
    await terminateServer(this.#server);
  }

  async #watch(): Promise<void> {
    let delayMs = RESTART_DELAY_MS_MIN;
    while (!this.#stopping.signal.aborted) {
      const bornAt = Date.now();
      const exit = await this.#server.exited.catch(() => ({ code: null, signal: null }));
      if (this.#stopping.signal.aborted) return;
      if (Date.now() - bornAt > HEALTHY_AFTER_MS) delayMs = RESTART_DELAY_MS_MIN;
      this.#report(exit, delayMs);
      await sleep(delayMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      if (this.#stopping.signal.aborted) return;
      delayMs = Math.min(delayMs * 2, RESTART_DELAY_MS_MAX);
      await this.#restart();
    }
  }

  async #restart(): Promise<void> {
    const { options } = this.#context;
    try {
      this.#server = await startAt(this.#context, this.#launched.place);
      if (this.#stopping.signal.aborted) return;
      await serve(this.#context, this.#launched.place, this.#server);
      options.logger.info({ pid: this.pid }, 'the Temporal server is back');
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      options.logger.error({ error: String(error) }, 'the Temporal server could not be restarted');
      await terminateServer(this.#server);
    }
  }

  #report(exit: ServerExit, delayMs: number): void {
    const { options } = this.#context;
    options.logger.error(
      { ...exit, log: this.#context.files.log },
      `the Temporal server died (${exit.signal ?? `status ${exit.code ?? 'unknown'}`}); restarting it in ${delayMs} ms`,
    );
    options.onExit?.(exit);
  }
}
