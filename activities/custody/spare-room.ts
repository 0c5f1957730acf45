import { statfsSync, statSync, truncateSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunSpec } from '../../core/run.js';
import type { FinishedRuns } from './finished-runs.js';
import { runsFolder } from './run-files.js';

/** Name in the data directory. */
export const SPARE_FILE = '.spare';
/** Directory and first logs of one run. */
const RUN_BYTES = 256 * 1024;
/** Enough for eight runs; those that ended are forgotten for the ones after them. */
const SPARE_BYTES = 8 * RUN_BYTES;
/** Kept back only on a disk that has many times as much. */
const FREE_FACTOR_MIN = 4;

/**
 * Room for the runs that write nothing to the disk themselves, kept back while there is plenty: whoever fills the disk, an ingest or a
 * push can be started again.
 */
export class SpareRoom {
  readonly #dataDir: string;
  readonly #finished: FinishedRuns;

  constructor(dataDir: string, finished: FinishedRuns) {
    this.#dataDir = dataDir;
    this.#finished = finished;
  }

  /** Keeps room back, where there is any. */
  async refill(): Promise<void> {
    if (this.#size >= SPARE_BYTES || this.#freeBytes < FREE_FACTOR_MIN * SPARE_BYTES) return;
    const draft = `${this.#path}.new`;
    try {
      await writeFile(draft, Buffer.alloc(SPARE_BYTES), { mode: 0o600 });
      await rename(draft, this.#path);
    } catch {
      // The disk was filled at this very moment.
      await rm(draft, { force: true });
    }
  }

  /** Makes room for a run to be started, if it needs some and may have it. */
  async giveTo({ recipe, workflowId, branch }: RunSpec): Promise<void> {
    // A recording must not begin on a full disk.
    if (recipe.kind !== 'capture-ingest' && recipe.kind !== 'push-hub') return;
    while (this.#freeBytes < RUN_BYTES && (await this.#finished.dropOldest(workflowId, branch)));
    const size = this.#size;
    if (size > 0 && this.#freeBytes < RUN_BYTES) truncateSync(this.#path, Math.max(0, size - RUN_BYTES));
  }

  get #path(): string {
    return join(this.#dataDir, SPARE_FILE);
  }

  get #size(): number {
    return statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
  }

  get #freeBytes(): number {
    const { bavail, bsize } = statfsSync(runsFolder(this.#dataDir));
    return bavail * bsize;
  }
}
