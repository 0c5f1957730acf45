import type { Store } from '../../store/index.js';
import type { RobotsGate } from '../fetch/index.js';
import type { SiteLimiter } from '../resolve/index.js';
import type { Environment } from '../secrets/index.js';
import type { OutageWatch } from './own-outage/outage-watch.js';

/** What all cycles of a process share. */
export interface CycleDeps {
  readonly store: Pick<Store, 'sources'>;
  readonly limiter: SiteLimiter;
  readonly robots: RobotsGate;
  readonly outage: OutageWatch;
  /** Where `${env:NAME}` is looked up. */
  readonly env: Environment;
  /** Of holdfast, for the User-Agent. */
  readonly version: string;
  /** Whom sites can turn to, for the same. */
  readonly contact?: string | undefined;
}
