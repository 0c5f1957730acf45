import { join } from 'node:path';
import { CustodianLoop } from './custodian-loop.js';
import { type LockRequest, requestCustodianLock } from './custodian-lock.js';
import { recoverRuns } from './recovery.js';
import { locksFolder } from './run-files.js';
import type { CustodyServices } from './services.js';
import { type Deferred, deferred } from './wakeup.js';

const CUSTODIAN_LOCK = 'custodian';

/** Makes this process the custodian when the lock is free, and lets go of everything when it is not any more. */
export class LeadKeeper {
  readonly #services: CustodyServices;
  readonly #loop: CustodianLoop;
  #request: LockRequest | null = null;
  #leading: Deferred<void> = newLead();
  #closed = false;

  constructor(services: CustodyServices) {
    this.#services = services;
    this.#loop = new CustodianLoop(services);
  }

  /** Resolves while this is the custodian; pending while it stands by. */
  get leading(): Promise<void> {
    return this.#leading.promise;
  }

  /** Waits for the lock in the background. */
  seek(): void {
    if (this.#request !== null || this.#closed) return;
    const path = join(locksFolder(this.#services.dataDir), CUSTODIAN_LOCK);
    this.#request = requestCustodianLock(path, () => this.#lose());
    void this.#take(this.#request, this.#leading);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#letGo();
    this.#leading.reject(new Error('The custodian is closed.'));
    await this.#request?.withdraw();
  }

  async #take(request: LockRequest, lead: Deferred<void>): Promise<void> {
    try {
      await request.held;
      if (this.#closed) return;
      this.#services.logger.info({ dataDir: this.#services.dataDir }, 'custodian of the data directory');
      await recoverRuns(this.#services);
      if (this.#closed || this.#request !== request) return;
      this.#loop.start();
      lead.resolve();
    } catch (error) {
      this.#services.logger.error({ err: error }, 'custody cannot be taken');
      lead.reject(error);
    }
  }

  /** Somebody killed the process that holds the lock: another custodian may have it by now. */
  #lose(): void {
    if (this.#closed) return;
    this.#services.logger.error({}, 'the custodian lock was lost');
    this.#letGo();
    this.#leading = newLead();
    this.#request = null;
    this.seek();
  }

  #letGo(): void {
    this.#loop.stop();
    for (const run of this.#services.registry.all()) {
      run.released = true;
      run.news.notify();
    }
    this.#services.registry.clear();
    this.#services.finished.clear();
  }
}

/** Nobody has to listen: a failure is logged as well. */
function newLead(): Deferred<void> {
  const lead = deferred<void>();
  lead.promise.catch(() => {});
  return lead;
}
