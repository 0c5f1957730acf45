import { existsSync, mkdirSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runFactsFile, runOfFactsFile, type RunFacts } from '../../core/manifest/index.js';
import { createSlot, readSlot, writeSlot } from '../custody/slot-file.js';
import { unlessMissing } from './file-error.js';

/** Room for every fact, taken when the run is planned: a full disk cannot lose how a run ended. */
const SLOT_BYTES = 4_096;
/** Longer texts would not fit the slot. */
const DETAIL_LENGTH_MAX = 500;

/** Facts of the runs of a branch, on disk in slots that are written in place. */
export class RunFactsStore {
  readonly #folder: string;
  #facts: Map<number, RunFacts> | null = null;

  constructor(stateFolder: string) {
    this.#folder = stateFolder;
  }

  /** All runs known, oldest first. */
  async all(): Promise<readonly RunFacts[]> {
    return [...(await this.#load()).values()].sort((a, b) => a.run - b.run);
  }

  async get(run: number): Promise<RunFacts | null> {
    return (await this.#load()).get(run) ?? null;
  }

  /** Notes a new run. Throws when the disk has no room for its slot. */
  async add(facts: RunFacts): Promise<void> {
    const known = await this.#load();
    this.#write(facts);
    known.set(facts.run, facts);
  }

  /** Changes what is known; a run that is not known is left alone. */
  async update(run: number, change: Partial<RunFacts>): Promise<void> {
    const known = await this.#load();
    const before = known.get(run);
    if (before === undefined) return;
    const facts = { ...before, ...change };
    known.set(run, facts);
    this.#write(facts);
  }

  async remove(run: number): Promise<void> {
    (await this.#load()).delete(run);
    await rm(this.#path(run), { force: true });
  }

  #write(facts: RunFacts): void {
    mkdirSync(this.#folder, { recursive: true });
    const path = this.#path(facts.run);
    if (existsSync(path)) writeSlot(path, facts);
    else createSlot(path, SLOT_BYTES, facts);
  }

  #path(run: number): string {
    return join(this.#folder, runFactsFile(run));
  }

  async #load(): Promise<Map<number, RunFacts>> {
    if (this.#facts !== null) return this.#facts;
    const facts = new Map<number, RunFacts>();
    for (const file of await unlessMissing(readdir(this.#folder), [])) {
      const run = runOfFactsFile(file);
      const found = run === null ? null : (readSlot(join(this.#folder, file)) as RunFacts | null);
      if (run !== null && found !== null) facts.set(run, found);
    }
    this.#facts = facts;
    return facts;
  }
}

/** Cuts a text of the outside to what a slot can hold. */
export function shortDetail(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, DETAIL_LENGTH_MAX);
}
