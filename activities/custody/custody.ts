import { resolve } from 'node:path';
import type { RunEnd, RunKey, RunProgress } from '../../core/run.js';
import { adoptOrStart } from './admission.js';
import {
  type CustodyActivities,
  type CustodyOperations,
  createCustodyActivities,
} from './custody-activities.js';
import { EarlyStops } from './early-stops.js';
import { FinishedRuns } from './finished-runs.js';
import { KeyedMutex } from './keyed-mutex.js';
import { LeadKeeper } from './lead-keeper.js';
import { type CustodyLimits, DEFAULT_LIMITS } from './limits.js';
import { machineLocksFolder } from './machine-locks.js';
import { ProcessHunt } from './process-hunt.js';
import { readBootId } from './process-info.js';
import { recentEnds } from './recent-ends.js';
import { RunRegistry } from './run-registry.js';
import type { CustodyServices } from './services.js';
import { SpareRoom } from './spare-room.js';
import { stopRun } from './stop-run.js';
import type { RunPhase, SupervisedRun } from './supervised-run.js';

export interface CustodyOptions extends Pick<CustodyServices, 'handlers' | 'owner' | 'logger' | 'classify'> {
  /** Where runs and recordings are. One custodian at a time. */
  readonly dataDir: string;
  /** Name of this device host. */
  readonly host: string;
  readonly limits?: Partial<CustodyLimits>;
  /** Folder of the locks of what the machine has only once. Default: the one that all installations share. */
  readonly machineLocks?: string;
}

/** A run as the custodian sees it now. */
export interface RunSnapshot {
  readonly runKey: RunKey;
  readonly phase: RunPhase;
  readonly pid: number | null;
  /** The process was started by an earlier worker. */
  readonly adopted: boolean;
  readonly startedAt: string;
  readonly firstProgressAt: string | null;
  readonly progress: RunProgress | null;
}

/** Looks after the processes of one host: they outlive it, and it finds them again. */
export interface Custody extends CustodyOperations {
  /** Resolves when this is the custodian of the data directory and every run that was left there has been taken up. */
  readonly lead: Promise<void>;
  /** Begins to wait for the lock of the data directory; with another custodian there, this one stands by. */
  start(): void;
  /** Lets go of the lock and leaves every process running. */
  close(): Promise<void>;
  readonly activities: CustodyActivities;
  snapshot(): readonly RunSnapshot[];
  /** How the runs of a branch ended, as far as their directories are still there; in no order. */
  endsOf(workflowId: string, branch: string): readonly RunEnd[];
}

/** Makes the custodian of a data directory. Nothing happens before `start()`. */
export function createCustody(options: CustodyOptions): Custody {
  const services = createServices(options);
  const keeper = new LeadKeeper(services);
  const branches = new KeyedMutex();
  const earlyStops = new EarlyStops();
  const operations: CustodyOperations = {
    async adoptOrStart(spec, lease, scheduledAtMs = Date.now()) {
      await keeper.leading;
      const branch = `${spec.workflowId}/${spec.branch}`;
      return branches.run(branch, () =>
        adoptOrStart(services, spec, lease, () => earlyStops.precede(spec.runKey, scheduledAtMs)),
      );
    },
    async stopRun(runKey, why, scheduledAtMs = Date.now()) {
      await keeper.leading;
      if (services.registry.byKey(runKey) === undefined) earlyStops.note(runKey, scheduledAtMs);
      return stopRun(services, runKey, why);
    },
  };
  return {
    ...operations,
    lead: keeper.leading,
    start: () => keeper.seek(),
    close: () => keeper.close(),
    snapshot: () => services.registry.all().map(snapshotOf),
    endsOf: (workflowId, branch) => recentEnds(services, workflowId, branch),
    activities: createCustodyActivities(operations, options.host),
  };
}

function createServices(options: CustodyOptions): CustodyServices {
  const { handlers, owner, logger, classify } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const dataDir = resolve(options.dataDir);
  const finished = new FinishedRuns(limits);
  return {
    dataDir,
    machineLocks: options.machineLocks ?? machineLocksFolder(),
    handlers,
    owner,
    logger,
    limits,
    classify,
    hunt: new ProcessHunt(),
    registry: new RunRegistry(),
    finished,
    spare: new SpareRoom(dataDir, finished),
    bootId: readBootId(),
  };
}

function snapshotOf(run: SupervisedRun): RunSnapshot {
  return {
    runKey: run.runKey,
    phase: run.phase,
    pid: run.leader?.pid ?? null,
    adopted: run.child === null,
    startedAt: run.stored.startedAt,
    firstProgressAt: run.milestones.firstProgressAt,
    progress: run.progress,
  };
}
