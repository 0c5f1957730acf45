import { z } from 'zod';
import { JOB_STATES } from '../../core/jobs/events.js';
import { STATES } from '../../core/states.js';

/** The shapes in which instances are told: the same documents as the command line prints with `--json`. */

const instant = z.string().describe('ISO 8601, UTC.');
const state = z.enum(STATES);

export const summarySchema = z.object({
  id: z.string().describe('`kind/name`.'),
  kind: z.string(),
  name: z.string(),
  state,
  host: z.string().nullable().describe('The machine that does the work.'),
  open: z.boolean().describe('The workflow is running.'),
  closed: z.string().nullable().describe('How the last execution ended, e.g. `FAILED`.'),
  startedAt: instant,
  closedAt: instant.nullable(),
  runId: z.string(),
});

const progressSchema = z.object({
  outTimeMs: z.number(),
  frames: z.number(),
  bytes: z.number(),
  fps: z.number(),
  bitrateKbps: z.number(),
  speed: z.number(),
});

const liveRunSchema = z
  .object({
    runKey: z.string(),
    pid: z.number().nullable(),
    progress: progressSchema.nullable(),
    startedAt: instant,
    firstProgressAt: instant.nullable(),
    continuityErrors: z.number().optional(),
    reportedAt: instant.nullable(),
    hostAttempt: z.number(),
    worker: z.string(),
  })
  .describe('The newest report of the host.');

const branchStatusShape = {
  name: z.string(),
  state,
  detail: z.string().describe('For a person.'),
  since: instant,
  run: z.number(),
  runKey: z.string().nullable(),
  attempt: z.number(),
  maxAttempts: z.number().nullable().describe('Null when there is no limit.'),
  nextAttemptAt: instant.nullable(),
  startedAt: instant.nullable(),
};

const incidentSchema = z.object({
  at: instant,
  branch: z.string(),
  cause: z.string(),
  detail: z.string(),
  action: z.string(),
  attempt: z.number(),
});

/** What a workflow says of itself; kinds may say more than all have in common. */
const statusShape = {
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  host: z.string().nullable(),
  state,
  detail: z.string(),
  since: instant,
  startedAt: instant,
  retries: z.number(),
  incidents: z.array(incidentSchema).readonly().describe('The last ones, newest first.'),
  incidentCount: z.number(),
  config: z.unknown().describe('The entry in force, secrets as `${env:NAME}`.'),
};

const viewShape = {
  statusProblem: z.string().nullable().describe('Why the workflow did not answer; null when it did.'),
  branches: z.array(z.object({ ...branchStatusShape, live: liveRunSchema.nullable() })).readonly(),
  failure: z
    .object({ cause: z.string(), message: z.string() })
    .nullable()
    .describe('Why it failed, for an instance in `error`.'),
};

/** An instance with its details, as `holdfast list --json` prints it. */
export const viewSchema = summarySchema.extend({
  status: z.object({ ...statusShape, branches: z.array(z.object(branchStatusShape)) }).nullable(),
  ...viewShape,
});

/** One instance as `holdfast show --json` prints it: what the workflow says of itself, with live figures in its branches. */
export const documentSchema = z.object({
  ...z.object(statusShape).partial().shape,
  ...summarySchema.shape,
  ...viewShape,
  recordings: z.string().describe('Folder of its recordings on the machine of the gateway.'),
  freeBytes: z.number().nullable().describe('Free there; null when there are none.'),
});

/** What became of a message. */
export const sentSchema = z.object({
  id: z.string(),
  state: z
    .enum([...new Set([...STATES, ...JOB_STATES])])
    .nullable()
    .describe(
      'Null when no worker answers yet: it takes effect when one is back. A job has states of its own.',
    ),
  detail: z.string(),
});

export const stoppedSchema = sentSchema.extend({
  alreadyStopped: z.boolean(),
  summary: z.unknown().describe('What the workflow returned, when we waited for it.'),
  failure: z.string().nullable(),
});

export const retriedSchema = sentSchema.extend({ startedAgain: z.boolean() });

export const outputSentSchema = sentSchema.extend({
  name: z.string(),
  output: z.object(branchStatusShape).nullable().describe('Null when it is no more.'),
});
