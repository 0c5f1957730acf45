import { rm } from 'node:fs/promises';

interface FinishedRun {
  readonly runDir: string;
  readonly endedAtMs: number;
}

export interface RetentionLimits {
  readonly finishedRunsMax: number;
  readonly finishedRunAgeMaxMs: number;
}

/** The directories of finished runs, kept for the curious for a while. */
export class FinishedRuns {
  readonly #byBranch = new Map<string, FinishedRun[]>();
  readonly #limits: RetentionLimits;

  constructor(limits: RetentionLimits) {
    this.#limits = limits;
  }

  add(workflowId: string, branch: string, runDir: string, endedAtMs: number): void {
    const name = branchName(workflowId, branch);
    const runs = this.#byBranch.get(name) ?? [];
    runs.push({ runDir, endedAtMs });
    this.#byBranch.set(name, runs);
  }

  directoriesOf(workflowId: string, branch: string): readonly string[] {
    return (this.#byBranch.get(branchName(workflowId, branch)) ?? []).map(({ runDir }) => runDir);
  }

  /** Follows a directory that was given another name. */
  rename(workflowId: string, branch: string, from: string, to: string): void {
    const name = branchName(workflowId, branch);
    const runs = this.#byBranch.get(name) ?? [];
    const renamed = runs.map((run) => (run.runDir === from ? { ...run, runDir: to } : run));
    this.#byBranch.set(name, renamed);
  }

  /** Removes what is too old or too much, in every branch. */
  async pruneAll(nowMs: number): Promise<void> {
    for (const name of this.#byBranch.keys()) await this.#prune(name, nowMs);
  }

  /** Removes what is too old or too much in one branch. */
  async pruneBranch(workflowId: string, branch: string, nowMs: number): Promise<void> {
    await this.#prune(branchName(workflowId, branch), nowMs);
  }

  /** Removes the directory of the branch's oldest run, but never the last one; false when there is none to remove. */
  async dropOldest(workflowId: string, branch: string): Promise<boolean> {
    const name = branchName(workflowId, branch);
    const runs = (this.#byBranch.get(name) ?? []).sort((left, right) => left.endedAtMs - right.endedAtMs);
    const [oldest, ...kept] = runs;
    if (oldest === undefined || kept.length === 0) return false;
    this.#byBranch.set(name, kept);
    await rm(oldest.runDir, { recursive: true, force: true });
    return true;
  }

  clear(): void {
    this.#byBranch.clear();
  }

  async #prune(name: string, nowMs: number): Promise<void> {
    const runs = (this.#byBranch.get(name) ?? []).sort((left, right) => right.endedAtMs - left.endedAtMs);
    const kept = runs.filter(
      ({ endedAtMs }, index) =>
        index < this.#limits.finishedRunsMax && nowMs - endedAtMs <= this.#limits.finishedRunAgeMaxMs,
    );
    if (kept.length === 0) this.#byBranch.delete(name);
    else this.#byBranch.set(name, kept);
    for (const { runDir } of runs.filter((run) => !kept.includes(run))) {
      await rm(runDir, { recursive: true, force: true });
    }
  }
}

function branchName(workflowId: string, branch: string): string {
  return `${workflowId}/${branch}`;
}
