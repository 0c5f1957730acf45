import { z } from 'zod';
import { hostName } from '../../../core/config/common.js';
import { jobKey } from '../../../core/jobs/entry.js';
import { JOB_KINDS, JOB_STATES } from '../../../core/jobs/index.js';

/** The shapes in which jobs are told: the same documents as the command line prints with `--json`. */

const instant = z.string().describe('ISO 8601, UTC.');
const kind = z.enum(JOB_KINDS);
const status = z.enum(JOB_STATES);

const progressSchema = z.object({
  percent: z.number().nullable().describe('Of the whole job, 0 to 100.'),
  step: z.string(),
  done: z.number().nullable(),
  total: z.number().nullable(),
  unit: z.string().nullable().describe('Of `done` and `total`.'),
  rate: z.number().nullable().describe('Units a second.'),
  remainingMs: z.number().nullable().describe('Of the whole job.'),
  text: z.string().optional().describe('Text that was generated last.'),
});

const artifactSchema = z.object({
  name: z.string(),
  mediaType: z.string(),
  bytes: z.number(),
  createdAt: instant,
  host: z.string().describe('The host whose data directory it lies in.'),
});

export const jobSchema = z.object({
  id: z.string().describe('`job/<name>`.'),
  kind,
  status,
  params: z.unknown().describe('As written.'),
  createdAt: instant,
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  progress: progressSchema.nullable(),
  artifacts: z.array(artifactSchema),
  error: z.object({ cause: z.string(), message: z.string() }).nullable().describe('Why it failed.'),
  firstOffset: z.number().describe('Oldest event that is kept; 0 while there is none.'),
  lastOffset: z.number().describe('Newest event.'),
});

/** Most jobs of one answer. */
const JOBS_MAX = 500;

export const jobsQuery = z.strictObject({
  kind: kind.optional(),
  status: status.optional(),
  limit: z.coerce.number().int().min(1).max(JOBS_MAX).default(100).describe('The newest so many.'),
});

/** What a job is asked for with. The parameters of each kind are checked where the job is started. */
export const jobRequest = z.strictObject({
  kind,
  params: z.record(z.string(), z.unknown()).default({}).describe('Parameters of the kind.'),
  key: jobKey.optional(),
  host: hostName.optional().describe('The host that works on it; where the recording is made, when absent.'),
});

export const startedSchema = z.object({
  id: z.string().describe('`job/<name>`.'),
  created: z.boolean().describe('False when there was a job of this key: it is that one.'),
});

export const cancelledSchema = z.object({
  id: z.string(),
  cancelled: z.boolean().describe('False when it was over already.'),
});
