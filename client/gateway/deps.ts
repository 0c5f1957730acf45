import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Config } from '../../core/config/index.js';
import type { Store } from '../../store/index.js';
import type { Holdfast } from '../library/holdfast.js';

/** What the routes of the gateway work with. */
export interface GatewayDeps {
  readonly client: Client;
  readonly holdfast: Holdfast;
  readonly store: Store;
  /** Names and addresses of the sources for feeds, and the settings of the gateway. */
  readonly config: Config;
  /** Recordings and jobs. Absolute. */
  readonly dataDir: string;
  /** Temporal's Web UI; null when there is none that we know of. */
  readonly uiUrl: string | null;
  readonly logger: Logger;
  /** Prometheus text of the SDK's own metrics in this process; null where it exposes none. */
  readonly sdkMetrics: () => Promise<string | null>;
  readonly nowMs: () => number;
}
