import type { Logger } from 'pino';
import type { JobsConfig } from '../../core/config/jobs.js';
import type { Store } from '../../store/index.js';
import type { Environment } from '../secrets/index.js';

/** What the steps of a process share. */
export interface StepDeps {
  /** Undefined on device hosts, which have no store. */
  readonly store: Store | undefined;
  readonly config: JobsConfig;
  /** Where `${env:NAME}` is looked up. */
  readonly env: Environment;
  readonly logger: Logger;
}
