import { z } from 'zod';
import { shortName } from '../../../core/config/common.js';
import type { Holdfast } from '../../library/holdfast.js';
import type { GatewayApp } from '../app.js';
import type { GatewayDeps } from '../deps.js';
import type { JobHub } from '../jobs/job-hub.js';
import { retriedSchema, sentSchema, stoppedSchema } from '../instance-schemas.js';
import { problemResponses } from '../problem.js';
import { instanceParams } from '../request-schemas.js';

const TAGS = ['instances'];
const SENT_BY_NAME = ['hdmiRestored', 'hdmiLost', 'fetchNow', 'resetBreaker'] as const;
const PROBLEMS = problemResponses(404, 409, 413, 415, 422, 502, 503);
const NOTHING = z.strictObject({});

/** Longest wait for a stop: a proxy in between gives up after a minute or so; whoever waits longer asks again. */
const STOP_WAIT_MS = 50_000;

/** What an instance can be told. The answer is the state that follows. */
export function messageRoutes(app: GatewayApp, { holdfast }: GatewayDeps, hub: JobHub): void {
  addPlainMessage(app, 'pause', 'End the run and wait for resume', holdfast);
  addPlainMessage(app, 'resume', 'Go on after a pause, or when a signal is back', holdfast);
  addStop(app, holdfast);
  addRetry(app, holdfast, hub);
  addSignal(app, holdfast);
}

function addPlainMessage(
  app: GatewayApp,
  message: 'pause' | 'resume',
  summary: string,
  holdfast: Holdfast,
): void {
  app.route({
    method: 'POST',
    url: `/api/instances/:id/${message}`,
    schema: {
      summary,
      tags: TAGS,
      params: instanceParams,
      body: NOTHING.optional(),
      response: { 200: sentSchema, ...PROBLEMS },
    },
    handler: ({ params: { id } }) => holdfast[message](id),
  });
}

function addStop(app: GatewayApp, holdfast: Holdfast): void {
  app.route({
    method: 'POST',
    url: '/api/instances/:id/stop',
    schema: {
      summary: 'End the run, finalise its files and complete the workflow',
      description: 'A job is cancelled. Stopping what is stopped already is no error.',
      tags: TAGS,
      params: instanceParams,
      body: z
        .strictObject({
          wait: z
            .boolean()
            .default(false)
            .describe(`Answer when it has stopped; 503 \`timed_out\` after ${STOP_WAIT_MS / 1_000} s.`),
        })
        .optional(),
      response: { 200: stoppedSchema, ...PROBLEMS },
    },
    handler: ({ params: { id }, body }) =>
      holdfast.stop(id, { wait: body?.wait ?? false, timeoutMs: STOP_WAIT_MS }),
  });
}

function addRetry(app: GatewayApp, holdfast: Holdfast, hub: JobHub): void {
  app.route({
    method: 'POST',
    url: '/api/instances/:id/retry',
    schema: {
      summary: 'Try again at once',
      description:
        'One that has failed or stopped is started again with its last config, a job that has failed or was cancelled with its parameters.',
      tags: TAGS,
      params: instanceParams,
      body: z
        .strictObject({
          branch: shortName.optional().describe('Only this branch of it, e.g. an output of a capture.'),
        })
        .optional(),
      response: { 200: retriedSchema, ...PROBLEMS },
    },
    handler: async ({ params: { id }, body }) => {
      const retried = await holdfast.retry(id, body?.branch);
      if (retried.startedAgain) hub.beginAnew(retried.id);
      return retried;
    },
  });
}

function addSignal(app: GatewayApp, holdfast: Holdfast): void {
  app.route({
    method: 'POST',
    url: '/api/instances/:id/signal',
    schema: {
      summary: 'What an HDMI watcher would send; fetch a source now, or close its breaker',
      tags: TAGS,
      params: instanceParams,
      body: z.strictObject({
        name: z.enum(SENT_BY_NAME),
        payload: z.record(z.string(), z.unknown()).optional().describe('Goes with the signal.'),
      }),
      response: { 200: sentSchema, ...PROBLEMS },
    },
    handler: ({ params: { id }, body: { name, payload } }) =>
      holdfast.signal(id, name, payload === undefined ? [] : [payload]),
  });
}
