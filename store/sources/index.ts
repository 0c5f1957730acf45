import type { Kysely } from 'kysely';
import type { Grouping, Observation, SourceFacts, SourceStatus } from '../../core/source-health/index.js';
import type { Engine } from '../engine.js';
import type { Tables } from '../tables.js';
import type { SharedChange } from '../shared-state.js';
import { groupAlerts, type GroupingFacts } from './alerts.js';
import type { CycleInput, StoredCycle, StoredValidators } from './cycle-input.js';
import {
  countStoredItems,
  listItems,
  listRevisions,
  type ItemQuery,
  type ItemRevision,
  type StoredItem,
} from './list-items.js';
import { searchItems, type FoundItem, type ItemSearch } from './search-items.js';
import { readObservations, readSources, readValidators, saveStatus } from './read.js';
import { storeCycle } from './store-cycle.js';
import { readStoredCycle, type FoundCycle } from './stored-cycle.js';

export type { GroupingFacts } from './alerts.js';
export type {
  CycleInput,
  FiguresOfCycle,
  JudgedCycle,
  StoredCycle,
  StoredValidators,
  Validators,
} from './cycle-input.js';
export type { ItemQuery, ItemRevision, StoredItem } from './list-items.js';
export type { FoundItem, ItemSearch } from './search-items.js';
export type { FoundCycle } from './stored-cycle.js';

/** What is kept about sources: their items, cycles and figures. Sources go by their names, e.g. `news`. */
export interface SourceStore {
  /** What to ask the site with; null when there is nothing, or it was for another configuration. */
  readValidators(source: string, validatorsFor: string): Promise<StoredValidators | null>;
  /** Stores a cycle whole or not at all: items, validators, announcements, figures. Idempotent by its id. */
  storeCycle(input: CycleInput): Promise<StoredCycle>;
  /** A cycle that is stored already; null when it is not. */
  readStoredCycle(source: string, id: string): Promise<FoundCycle | null>;
  /** Keeps what the workflow says about its source, for the health report. */
  saveStatus(source: string, status: SourceStatus): Promise<void>;
  listItems(query: ItemQuery): Promise<StoredItem[]>;
  /** Items of a period that match a topic, the best matches first. */
  searchItems(search: ItemSearch): Promise<FoundItem[]>;
  /** Items stored since the store was made, also those that are not kept any more. */
  countStoredItems(): Promise<number>;
  /** Former versions of an item, by its number, the newest first. */
  listRevisions(item: number): Promise<ItemRevision[]>;
  /** All that is known about the named sources, or about every one: see `sourceHealth`. */
  readSources(names?: readonly string[]): Promise<SourceFacts[]>;
  /** What cycles that ended since then say about the network: see `stepOwnOutage`. */
  readObservations(since: Date): Promise<Observation[]>;
  /**
   * Gives the alerts that cycles have left to `step`, and keeps what it returns: all of it or nothing, one process at a time.
   * False when there was nothing to do.
   */
  groupAlerts(
    step: (before: Grouping | null, facts: GroupingFacts) => SharedChange<Grouping>,
  ): Promise<boolean>;
}

/** `onQueued` is called after something was put into the outbox. */
export function createSourceStore(db: Kysely<Tables>, engine: Engine, onQueued: () => void): SourceStore {
  return {
    readValidators: (source, validatorsFor) => readValidators(db, source, validatorsFor),
    storeCycle: async (input) => {
      const stored = await storeCycle(db, input, new Date());
      if (stored.newItems > 0 && input.announce.length > 0) onQueued();
      return stored;
    },
    readStoredCycle: (source, id) => readStoredCycle(db, source, id),
    saveStatus: (source, status) => saveStatus(db, source, status),
    listItems: (query) => listItems(db, query),
    searchItems: (search) => searchItems(db, engine, search),
    countStoredItems: () => countStoredItems(db),
    listRevisions: (item) => listRevisions(db, item),
    readSources: (names) => readSources(db, names ?? null, new Date()),
    readObservations: (since) => readObservations(db, since),
    groupAlerts: async (step) => {
      const hasWorked = await groupAlerts(db, new Date(), step);
      if (hasWorked) onQueued();
      return hasWorked;
    },
  };
}
