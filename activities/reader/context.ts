import type { EventLog } from './event-log.js';
import type { MediaOutput } from './output.js';
import type { ReaderSpec } from './spec.js';

/** What every way of reading works with. */
export interface ReaderContext {
  readonly spec: ReaderSpec;
  readonly events: EventLog;
  readonly output: MediaOutput;
  /** Aborted when we are asked to stop or the output is gone: requests and waits end at once. */
  readonly signal: AbortSignal;
}

/** Request headers of a spec; a user agent given on its own wins. */
export function requestHeaders(spec: ReaderSpec): Record<string, string> {
  const headers: Record<string, string> = { Accept: '*/*', 'User-Agent': 'holdfast', ...spec.headers };
  return spec.userAgent === undefined ? headers : { ...headers, 'User-Agent': spec.userAgent };
}
