import type { MediaCause } from '../core/causes.js';
import { FULL_BUDGET, type Budget } from '../core/recovery/decide.js';
import { INCIDENTS_KEPT, type BranchStatus, type Incident } from '../core/instance-status.js';
import type { State } from '../core/states.js';

/** Why a branch has no media any more. */
export interface Loss {
  readonly cause: MediaCause;
  readonly detail: string;
}

/** What a branch carries over continue-as-new. */
export interface CarriedBranch {
  readonly run: number;
  readonly budget: Budget;
  readonly inEpisode: boolean;
  readonly unconfirmedLoss: Loss | null;
  readonly state: State;
  readonly detail: string;
  readonly since: string;
  readonly attempt: number;
  readonly maxAttempts: number | null;
  readonly incidents: readonly Incident[];
  readonly incidentCount: number;
  /** Of the run with this number. */
  readonly runKey?: string | null;
  /** The run with this number lives on for the next execution. */
  readonly runLives?: boolean;
  /** ISO 8601; when the next attempt was planned. */
  readonly nextAttemptAt?: string | null;
}

/** Everything that is remembered about one branch. Pure: the caller brings the time. */
export class BranchRecord {
  readonly name: string;
  budget: Budget;
  /** From the first loss until media flows again. */
  inEpisode: boolean;
  /** A loss that may turn out to be the end of the show; told once the source is known to be live. */
  unconfirmedLoss: Loss | null;
  #state: State;
  #detail: string;
  #since: string;
  #run: number;
  #runKey: string | null = null;
  #runLives = false;
  #attempt: number;
  #maxAttempts: number | null;
  #nextAttemptAt: string | null = null;
  #runStartedAt: string | null = null;
  #incidents: Incident[];
  #incidentCount: number;
  #carriesRun: boolean;
  /** When the pause that the former execution had begun is over; 0 when there was none. */
  readonly carriedWaitUntilMs: number;

  constructor(name: string, now: string, carried?: CarriedBranch) {
    this.name = name;
    this.#since = carried?.since ?? now;
    this.#state = carried?.state ?? 'starting';
    this.#detail = carried?.detail ?? 'starting';
    this.#maxAttempts = carried?.maxAttempts ?? null;
    this.unconfirmedLoss = carried?.unconfirmedLoss ?? null;
    this.budget = carried?.budget ?? FULL_BUDGET;
    this.inEpisode = carried?.inEpisode ?? false;
    this.#run = carried?.run ?? 0;
    this.#runKey = carried?.runKey ?? null;
    this.#carriesRun = carried?.runLives ?? false;
    this.#nextAttemptAt = carried?.nextAttemptAt ?? null;
    this.carriedWaitUntilMs = Date.parse(carried?.nextAttemptAt ?? '') || 0;
    this.#attempt = carried?.attempt ?? 0;
    this.#incidents = [...(carried?.incidents ?? [])];
    this.#incidentCount = carried?.incidentCount ?? 0;
  }

  get state(): State {
    return this.#state;
  }

  get detail(): string {
    return this.#detail;
  }

  get since(): string {
    return this.#since;
  }

  get run(): number {
    return this.#run;
  }

  get runKey(): string | null {
    return this.#runKey;
  }

  /** False once the run of `runKey` has ended: news of it that comes later is no news. */
  get runLives(): boolean {
    return this.#runLives;
  }

  /** A run lives that this execution has begun, or has yet to take up again. */
  get hasLivingRun(): boolean {
    return this.#runLives || this.#carriesRun;
  }

  get attempt(): number {
    return this.#attempt;
  }

  get incidents(): readonly Incident[] {
    return this.#incidents;
  }

  get incidentCount(): number {
    return this.#incidentCount;
  }

  enter(state: State, detail: string, now: string, nextAttemptAt: string | null = null): void {
    if (state !== this.#state) this.#since = now;
    this.#state = state;
    this.#detail = detail;
    this.#nextAttemptAt = nextAttemptAt;
  }

  /** The next run to begin is one that was left alive by the former execution. */
  get carriesRun(): boolean {
    return this.#carriesRun;
  }

  /** Counts a new run, or takes a carried one up again, and returns its number. */
  beginRun(keyOf: (run: number) => string): number {
    if (!this.#carriesRun) this.#run += 1;
    this.#carriesRun = false;
    this.#runLives = true;
    this.#runKey = keyOf(this.#run);
    return this.#run;
  }

  /** Media flows: the episode, if there was one, is over. */
  delivered(at: string): void {
    this.#runStartedAt = at;
    this.inEpisode = false;
    this.#attempt = 0;
    this.#maxAttempts = null;
  }

  runEnded(): void {
    this.#runLives = false;
    this.#carriesRun = false;
    this.#runStartedAt = null;
  }

  /** Everything begins anew: a whole budget, and the next loss is told of. */
  beginAnew(): void {
    this.budget = FULL_BUDGET;
    this.inEpisode = false;
    this.#attempt = 0;
    this.#maxAttempts = null;
  }

  /** Nothing is waited for any more: the next execution has no pause to finish. */
  waitIsOver(): void {
    this.#nextAttemptAt = null;
  }

  /** A retry is on its way. */
  retrying(attempt: number, maxAttempts: number | null): void {
    this.#attempt = attempt;
    this.#maxAttempts = maxAttempts;
  }

  /** `attempt` is the one that the incident ended: 1 where no retries are counted. */
  addIncident(incident: Omit<Incident, 'branch' | 'attempt'>, attempt = 1): void {
    this.#incidentCount += 1;
    this.#incidents = [{ ...incident, branch: this.name, attempt }, ...this.#incidents].slice(
      0,
      INCIDENTS_KEPT,
    );
  }

  status(): BranchStatus {
    return {
      name: this.name,
      state: this.#state,
      detail: this.#detail,
      since: this.#since,
      run: this.#run,
      runKey: this.#runKey,
      attempt: this.#attempt,
      maxAttempts: this.#maxAttempts,
      nextAttemptAt: this.#nextAttemptAt,
      startedAt: this.#runStartedAt,
    };
  }

  carry(): CarriedBranch {
    return {
      run: this.#run,
      budget: this.budget,
      inEpisode: this.inEpisode,
      unconfirmedLoss: this.unconfirmedLoss,
      state: this.#state,
      detail: this.#detail,
      since: this.#since,
      attempt: this.#attempt,
      maxAttempts: this.#maxAttempts,
      incidents: this.#incidents,
      incidentCount: this.#incidentCount,
      runKey: this.#runKey,
      runLives: this.hasLivingRun,
      nextAttemptAt: this.#nextAttemptAt,
    };
  }
}
