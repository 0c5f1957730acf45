import type { SourceConfig } from '../../core/config/source.js';
import type { ParsedItem } from '../../core/items.js';
import type { CycleRecord, SourceAlert, SourceStatus, SuccessRate } from '../../core/source-health/index.js';

/** What a site wants to be asked with next time. Opaque: quotes are part of it. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** Validators as they are kept. */
export interface StoredValidators extends Validators {
  /** When the site last sent a whole list. ISO 8601, UTC; null when it never has. */
  readonly listedAt: string | null;
}

/** A cycle that has ended, to be stored in one go. */
export interface CycleInput {
  readonly cycle: Omit<CycleRecord, 'items' | 'newItems' | 'changedItems'>;
  /** What the answer listed, in its order; null when there was no list. Only with the outcome `fetched`. */
  readonly items: readonly ParsedItem[] | null;
  readonly dedup: SourceConfig['dedup'];
  /** Where new items are announced. */
  readonly announce: SourceConfig['announce'];
  /** Items that have not been listed for this long are deleted, in milliseconds; null: never. */
  readonly keepMs: number | null;
  /** Kept with the items of a good cycle; null keeps what there is. */
  readonly validators: Validators | null;
  /** Names what the validators hold for (address, headers, how it is read): another configuration does not get them. */
  readonly validatorsFor: string;
  /** Host or registrable domain that was asked. */
  readonly site: string;
  /** What the workflow says about the source; null keeps what there is. */
  readonly status: SourceStatus | null;
  /** The same where it depends on the figures, with the alerts that follow. Called once, and not for a cycle stored before. */
  readonly judge?: (figures: FiguresOfCycle) => JudgedCycle;
}

/** What is known once a cycle is counted. */
export interface FiguresOfCycle {
  /** Of 24 h, this cycle included. */
  readonly dayRate: SuccessRate;
  /** When the last new item of the source was stored. ISO 8601, UTC; null when there never was one. */
  readonly lastItemAt: string | null;
}

export interface JudgedCycle {
  readonly status: SourceStatus;
  /** Kept with the cycle until they are grouped: see `groupAlerts`. */
  readonly alerts: readonly SourceAlert[];
}

/** What storing a cycle has brought; the same when it is stored again. */
export interface StoredCycle extends FiguresOfCycle {
  /** Items of the answer, each counted once. */
  readonly items: number;
  readonly newItems: number;
  readonly changedItems: number;
  /** Numbers of the new items, rising. */
  readonly newItemIds: readonly number[];
  /** True when this cycle had been stored before: nothing was changed now. */
  readonly repeated: boolean;
}
