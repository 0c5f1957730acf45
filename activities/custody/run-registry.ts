import type { RunKey } from '../../core/run.js';
import { directoryNameOf } from './run-files.js';
import type { SupervisedRun } from './supervised-run.js';

/** The runs a custodian looks after, by the names under which they can be asked for. */
export class RunRegistry {
  readonly #byName = new Map<string, SupervisedRun>();
  readonly #runs = new Set<SupervisedRun>();

  add(run: SupervisedRun, ...names: string[]): void {
    this.#runs.add(run);
    for (const name of [directoryNameOf(run.runKey), ...names]) this.#byName.set(name, run);
  }

  remove(run: SupervisedRun): void {
    this.#runs.delete(run);
    for (const [name, found] of this.#byName) {
      if (found === run) this.#byName.delete(name);
    }
  }

  byKey(runKey: RunKey): SupervisedRun | undefined {
    return this.#byName.get(directoryNameOf(runKey));
  }

  ofBranch(workflowId: string, branch: string): SupervisedRun[] {
    return this.all().filter(({ spec }) => spec.workflowId === workflowId && spec.branch === branch);
  }

  /** The run that uses a resource now. */
  holderOf(lock: string, asking: SupervisedRun): SupervisedRun | undefined {
    return this.all().find(
      (run) => run !== asking && run.phase !== 'settled' && run.spec.locks.includes(lock),
    );
  }

  all(): SupervisedRun[] {
    return [...this.#runs];
  }

  /** Forgets every run without touching it. */
  clear(): void {
    this.#byName.clear();
    this.#runs.clear();
  }
}
