import { highestRun } from './segment-files.js';
import type { BranchFolders } from './folders.js';
import { ManifestFile } from './manifest-file.js';
import { RunFactsStore } from './run-facts.js';
import { WriteSamples } from './write-samples.js';

/** Why the branch that feeds a recording delivered nothing. */
export interface FeedAbsence {
  /** A cause of the failure catalogue. */
  readonly cause: string;
  /** One line for a person. */
  readonly detail: string;
}

/** Answers why the feed was away between two instants; null when nobody knows. */
export type WhyFeedWasAway = (
  fromMs: number,
  toMs: number,
) => FeedAbsence | null | Promise<FeedAbsence | null>;

/** The recording of one branch: its files, and one task at a time on them. */
export class Branch {
  readonly folders: BranchFolders;
  /** Null when the recording reads its source itself. */
  readonly whyFeedWasAway: WhyFeedWasAway | null;
  readonly manifest: ManifestFile;
  readonly facts: RunFactsStore;
  readonly #samples = new Map<number, WriteSamples>();
  #lastTask: Promise<unknown> = Promise.resolve();
  #plannedRun: number | null = null;

  constructor(folders: BranchFolders, whyFeedWasAway: WhyFeedWasAway | null = null) {
    this.folders = folders;
    this.whyFeedWasAway = whyFeedWasAway;
    this.manifest = new ManifestFile(folders.manifestFile);
    this.facts = new RunFactsStore(folders.stateFolder);
  }

  /** Runs a task when those before it are done: manifest, names and facts have one writer. */
  exclusive<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#lastTask.then(task);
    this.#lastTask = result.catch(() => undefined);
    return result;
  }

  /** The clock of one run. */
  samplesOf(run: number): WriteSamples {
    let samples = this.#samples.get(run);
    if (samples === undefined) {
      samples = new WriteSamples(this.folders.stateFolder, run);
      this.#samples.set(run, samples);
    }
    return samples;
  }

  /**
   * The number under which a new run records: the owner's, or a higher one where that is taken. A workflow that is started anew counts
   * from 1 again, and no name may be used twice.
   */
  async takeRunNumber(ownersRun: number): Promise<number> {
    this.#plannedRun ??= await this.exclusive(() => this.#highestRunKnown());
    this.#plannedRun = Math.max(ownersRun, this.#plannedRun + 1);
    return this.#plannedRun;
  }

  /** How fast the newest segment of the manifest grew; null when there is none. */
  async bytesPerSecond(): Promise<number | null> {
    const last = await this.manifest.lastSegment();
    if (last === null) return null;
    const lengthMs = Date.parse(last.end) - Date.parse(last.start);
    return lengthMs > 0 ? (last.bytes / lengthMs) * 1_000 : null;
  }

  /** Forgets all runs before this one, once they are in the manifest and their ends explained. */
  async forgetRunsBefore(run: number): Promise<void> {
    for (const facts of await this.facts.all()) {
      if (facts.run >= run) continue;
      await this.samplesOf(facts.run).remove();
      this.#samples.delete(facts.run);
      await this.facts.remove(facts.run);
    }
  }

  async #highestRunKnown(): Promise<number> {
    const manifestRun = (await this.manifest.lastSegment())?.run ?? 0;
    const factsRun = (await this.facts.all()).at(-1)?.run ?? 0;
    return Math.max(manifestRun, factsRun, await highestRun(this.folders.folder));
  }
}

/** Makes each branch once: two objects for one folder would write over each other. */
export class BranchRegistry {
  readonly #branches = new Map<string, Branch>();

  of(folders: BranchFolders, whyFeedWasAway: WhyFeedWasAway | null = null): Branch {
    let branch = this.#branches.get(folders.folder);
    if (branch === undefined) {
      branch = new Branch(folders, whyFeedWasAway);
      this.#branches.set(folders.folder, branch);
    }
    return branch;
  }
}
