import { z } from 'zod';
import { hostName, instanceName, pattern } from '../config/common.js';
import { clipParams, digestParams, finalizeParams } from './params.js';

export { JOB_KINDS, type JobKind } from './job-kind.js';

/** Names a job for whoever asks for it. */
export const jobKey = pattern(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
  '1 to 100 letters, digits, dots, dashes or underscores',
).describe('The same kind and key are the same job, however often it is asked for.');

const common = {
  id: instanceName.describe('Name of the job; its workflow is `job/<id>`.'),
  key: jobKey.optional(),
  host: hostName
    .optional()
    .describe('The host that works on it, which must have the recording; any device host when absent.'),
};

/** An entry of a job: the input of the workflow `job`. */
export const jobEntrySchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('digest'), params: digestParams }),
  z.strictObject({ ...common, kind: z.literal('finalize'), params: finalizeParams }),
  z.strictObject({ ...common, kind: z.literal('clip'), params: clipParams }),
]);

/** An entry with defaults filled in, durations in milliseconds. */
export type JobEntry = z.output<typeof jobEntrySchema>;
/** An entry as people write it. */
export type JobInput = z.input<typeof jobEntrySchema>;

/** What the parameters of each kind parse to. */
export interface JobParams {
  readonly digest: Extract<JobEntry, { kind: 'digest' }>['params'];
  readonly finalize: Extract<JobEntry, { kind: 'finalize' }>['params'];
  readonly clip: Extract<JobEntry, { kind: 'clip' }>['params'];
}
