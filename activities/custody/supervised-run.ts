import type { ChildProcess } from 'node:child_process';
import type { Evidence } from '../../core/evidence.js';
import type { RunEnd, RunKey, RunNews, RunProgress, RunSpec } from '../../core/run.js';
import type { RunPlan, RunWatcher } from './handler.js';
import type { Lease } from './owner.js';
import { isAlive, type ProcessIdentity } from './process-info.js';
import { ProgressTail } from './progress-tail.js';
import { RecentFigures } from './recent-figures.js';
import type { RunFiles } from './run-files.js';
import type { Milestones, StopMarker, StoredSpec, Verdict } from './run-records.js';
import type { StallClock } from './stall-clock.js';
import { deferred, Wakeup } from './wakeup.js';

/**
 * - `starting`: planned, no process yet.
 * - `running`: a process lives, as far as is known.
 * - `ended`: it has ended; the verdict is being reached, reported and finalized.
 * - `settled`: nothing more will happen; only the directory is left.
 */
export type RunPhase = 'starting' | 'running' | 'ended' | 'settled';

/** What a worker knows of one run while it looks after it. Everything that must survive the worker is on disk as well. */
export class SupervisedRun {
  readonly files: RunFiles;
  readonly tail: ProgressTail;
  stored: StoredSpec;
  phase: RunPhase = 'starting';
  /** The custodian has closed or lost its lock: this object may do nothing more. */
  released = false;

  plan: RunPlan | null = null;
  watcher: RunWatcher | null = null;
  pendingWatcherTick: Promise<void> = Promise.resolve();
  watcherBusy = false;

  /** The wrapper: leader of the process group and session. */
  leader: ProcessIdentity | null = null;
  /** The wrapper as our own child; adopted processes have to be polled. */
  child: ChildProcess | null = null;
  launches = 0;
  /** What lives on after the wrapper was killed without its children. */
  orphans: readonly ProcessIdentity[] = [];
  leaderGone = false;
  /** The wrapper is gone, and what it has left is being looked for. */
  seeksOrphans = false;
  lastStageEndedAtMs: number | null = null;

  lease: Lease | null;
  tokenUnknown = false;
  /** No owner is left who wants to know. */
  abandoned = false;
  ownerBusy = false;
  heartbeatDueAtMs = 0;
  ownerCheckDueAtMs = 0;
  ownerGoneSinceMs: number | null = null;
  announceBusy = false;
  announceDueAtMs = 0;

  stop: StopMarker | null = null;
  ladder: Promise<boolean> | null = null;
  killSent = false;

  progress: RunProgress | null = null;
  progressAtMs: number | null = null;
  readonly figures = new RecentFigures();
  lastAdvanceAtMs: number | null = null;
  /** Fell silent on a full disk: its silence says nothing. */
  isMute = false;
  milestones: Milestones = { firstProgressAt: null, startAnnounced: false };
  stallClock: StallClock | null = null;
  stalledForMs: number | null = null;
  /** Why the watcher wanted the run to end. */
  endEvidence: Evidence | null = null;
  /** News for the owner that it has not taken yet. */
  readonly ownerNews: RunNews[] = [];
  newsBusy = false;
  newsDueAtMs = 0;
  tickDueAtMs = 0;

  verdict: Verdict | null = null;
  readonly ended = deferred<RunEnd>();
  readonly finalized = deferred<true>();
  readonly settled = deferred<true>();
  /** Members of the group were still there when the run ended: the next run of the branch has to wait for `cleaned`. */
  leftMembers = false;
  /** Resolves when no process of the run is left; pending only from its end on. */
  cleaned: Promise<void> = Promise.resolve();
  /** News for whoever reports the end: a new lease, or nobody to report to. */
  readonly news = new Wakeup();

  constructor(files: RunFiles, stored: StoredSpec, lease: Lease | null) {
    this.files = files;
    this.stored = stored;
    this.lease = lease;
    this.tail = new ProgressTail(files.progressFile);
  }

  get spec(): RunSpec {
    return this.stored.spec;
  }

  get runKey(): RunKey {
    return this.stored.spec.runKey;
  }

  /** Reads /proc: the truth, for a few microseconds. */
  isLiving(): boolean {
    if (this.leader !== null && isAlive(this.leader)) return true;
    return this.orphans.some(isAlive);
  }
}
