import { existsSync } from 'node:fs';
import type { Evidence } from '../../core/evidence.js';
import type { RunNews, StorageSettings } from '../../core/run.js';
import { createSlot, readSlot, writeSlot } from '../custody/slot-file.js';
import { storageEvidence } from './evidence.js';
import { GrowthRate } from './growth-rate.js';
import { lookAtStorage, type StorageLook } from './look.js';
import { watermarksOf, type Watermarks } from './watermarks.js';
import { sizeInWords } from './words.js';

const SLOT_BYTES = 256;

export interface StorageWatchOptions {
  /** Where is recorded. */
  readonly folder: string;
  readonly settings: StorageSettings;
  /** Keeps what the run has already said, for the worker that adopts it. Its room is taken when the run is planned. */
  readonly stateFile: string;
  /** How fast earlier runs grew; null when there were none. */
  readonly formerBytesPerSecond: () => Promise<number | null>;
}

/** What one run has seen and said of the soft watermark. */
interface WatchState {
  /** There was more than the mark at some time: from then on it can be crossed. */
  readonly wasAbove: boolean;
  readonly isTold: boolean;
}

const NOTHING_SEEN: WatchState = { wasAbove: false, isTold: false };

/** Takes the room in which a watch keeps its state. A plan may be made twice. */
export function reserveWatchState(stateFile: string): void {
  if (!existsSync(stateFile)) createSlot(stateFile, SLOT_BYTES, NOTHING_SEEN);
}

/** Watches the disk under one recording. */
export class StorageWatch {
  readonly #options: StorageWatchOptions;
  readonly #growth = new GrowthRate();
  #former: number | null = null;
  #state: WatchState;
  #mustEnd: Evidence | null = null;
  #news: Pick<RunNews, 'kind' | 'detail'> | null = null;

  constructor(options: StorageWatchOptions) {
    this.#options = options;
    this.#state = (readSlot(options.stateFile) as WatchState | null) ?? NOTHING_SEEN;
  }

  /** Looks at the disk. `recordedBytes` is what the run has written so far. Never throws. */
  async look(recordedBytes: number, nowMs: number): Promise<void> {
    this.#growth.note(recordedBytes, nowMs);
    const look = await lookAtStorage(this.#options.folder);
    const rate = await this.#bytesPerSecond();
    const marks = watermarksOf(this.#options.settings, rate);
    this.#mustEnd ??= storageEvidence(look, marks.minFreeBytes);
    this.#noticeCrossing(look, marks, rate);
  }

  /** Evidence that the recording must end now, or null. */
  mustEnd(): Evidence | null {
    return this.#mustEnd;
  }

  /** News of the soft watermark, once for each run. */
  takeNews(): Pick<RunNews, 'kind' | 'detail'> | null {
    const news = this.#news;
    this.#news = null;
    return news;
  }

  async #bytesPerSecond(): Promise<number | null> {
    const measured = this.#growth.bytesPerSecond;
    if (measured !== null) return measured;
    this.#former ??= await this.#options.formerBytesPerSecond().catch(() => null);
    return this.#former;
  }

  #noticeCrossing(look: StorageLook, marks: Watermarks, rate: number | null): void {
    if (look.kind !== 'usable' || marks.warnFreeBytes === null || this.#state.isTold) return;
    const { freeBytes } = look;
    if (freeBytes >= marks.warnFreeBytes) {
      if (!this.#state.wasAbove) this.#remember({ wasAbove: true, isTold: false });
    } else if (this.#state.wasAbove) {
      this.#remember({ wasAbove: true, isTold: true });
      this.#news = { kind: 'storage_low', detail: leftInWords(freeBytes, marks.minFreeBytes, rate) };
    }
  }

  #remember(state: WatchState): void {
    this.#state = state;
    try {
      writeSlot(this.#options.stateFile, state);
    } catch {
      // Then the next worker may say it once more, which is better than saying nothing now.
    }
  }
}

function leftInWords(freeBytes: number, minFreeBytes: number, rate: number | null): string {
  const free = sizeInWords(freeBytes);
  if (rate === null || rate <= 0) return `${free} left`;
  const leftMinutes = Math.max(0, freeBytes - minFreeBytes) / rate / 60;
  return `about ${leftMinutes < 1 ? 'a minute' : `${Math.floor(leftMinutes)} min`} left (${free})`;
}
