import { KINDS_IN_PATHS } from './request-schemas.js';

const WHOLE_ID = new RegExp(`^(/api/instances/(?:${KINDS_IN_PATHS.join('|')}))/([^/?#]+)`);

/**
 * Lets an instance id stand in a path as people write it: `/api/instances/stream/alice/gaps` means
 * `/api/instances/stream%2Falice/gaps`, as programs that encode their parameters send it.
 */
export function withWholeInstanceId(url: string): string {
  return url.replace(WHOLE_ID, '$1%2F$2');
}
