import type { Client } from '@temporalio/client';
import type { JobStore } from '../../../store/index.js';

/** Where jobs are found. */
export interface JobPlaces {
  readonly client: Client;
  /** Undefined where no store can be reached: then only what the server still knows is found. */
  readonly store: JobStore | undefined;
}
