import type { Logger } from 'pino';
import type { Evidence } from '../../core/evidence.js';
import type { MediaCause } from '../../core/causes.js';
import type { Recipe } from '../../core/run.js';
import type { FinishedRuns } from './finished-runs.js';
import type { RunHandler } from './handler.js';
import type { CustodyLimits } from './limits.js';
import type { OwnerPort } from './owner.js';
import type { ProcessHunt } from './process-hunt.js';
import type { RunRegistry } from './run-registry.js';
import type { SpareRoom } from './spare-room.js';

/** Names the cause of an end; `benign` when the text ends no run by itself. */
export type Classify = (evidence: Evidence) => {
  readonly cause: MediaCause | 'benign';
  readonly detail: string;
  readonly rule: string;
};

/** The part of a pino logger that custody uses. */
export type CustodyLogger = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** What the parts of custody share. */
export interface CustodyServices {
  /** Absolute. */
  readonly dataDir: string;
  /** Folder of the locks that all installations of the machine share. */
  readonly machineLocks: string;
  /** A recipe without a handler is a run that cannot be started here. */
  readonly handlers: Partial<Record<Recipe['kind'], RunHandler>>;
  readonly owner: OwnerPort;
  readonly logger: CustodyLogger;
  readonly limits: CustodyLimits;
  readonly classify: Classify;
  readonly hunt: ProcessHunt;
  readonly registry: RunRegistry;
  readonly finished: FinishedRuns;
  readonly spare: SpareRoom;
  readonly bootId: string;
}
