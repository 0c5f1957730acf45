import { z } from 'zod';
import { pattern } from '../../../core/config/common.js';

/** Parts that follow a job in a path; a job of such a name is written `job%2F<name>`. */
const WHOLE_ID = /^(\/api\/jobs\/job)\/(?!(?:stream|cancel|artifacts)(?:[/?#]|$))([^/?#]+)/;

/**
 * Lets the id of a job stand in a path as people write it: `/api/jobs/job/x/stream` means `/api/jobs/job%2Fx/stream`, as
 * programs that encode their parameters send it, and the same as `/api/jobs/x/stream`.
 */
export function withWholeJobId(url: string): string {
  return url.replace(WHOLE_ID, '$1%2F$2');
}

/** A job in a path, by its id or by its name. */
export const jobParams = z.strictObject({
  id: pattern(/^(?:job\/)?[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'job/name, or a bare name').describe(
    '`job/<name>`, its slash written as it is or as `%2F`, or only the name.',
  ),
});

/** The whole id of a job that was named by either. */
export function wholeJobId(reference: string): string {
  return reference.startsWith('job/') ? reference : `job/${reference}`;
}
