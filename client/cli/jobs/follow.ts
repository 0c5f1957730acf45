import { setTimeout as sleep } from 'node:timers/promises';
import type { JobEventBody } from '../../../core/jobs/index.js';
import type { FollowedEvent } from '../../follow/index.js';
import { jobUrl, knowsJob } from './gateway-address.js';
import type { JobsContext } from './with-jobs.js';

const POLL_MS = 500;
/** Failures in a row after which the gateway is no longer relied upon. */
const GATEWAY_FAILURES_MAX = 3;
/** Failures in a row after which it is said why nothing is heard. */
const SILENT_FAILURES = 3;

/** What a job tells, each event once, to its end: by the gateway while there is one, otherwise by asking again and again. */
export async function* followToTheEnd(
  context: JobsContext,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<JobEventBody, void> {
  let offset = 0;
  if (await knowsJob(context.gateway, id)) {
    let failures = 0;
    for await (const event of byGateway(context, id, signal)) {
      if (event.offset !== null) {
        offset = event.offset;
        failures = 0;
      } else if (event.type === 'error' && event.origin === 'client') {
        failures += 1;
        if (failures >= GATEWAY_FAILURES_MAX) break;
      }
      if (event.type !== 'reset') yield event;
      if (event.type === 'done') return;
    }
  }
  yield* byAsking(context, id, offset, signal);
}

async function* byGateway(
  { gateway }: JobsContext,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<FollowedEvent, void> {
  const { followJob } = await import('../../follow/index.js');
  yield* followJob(jobUrl(gateway, id), { signal, headers: gateway.headers });
}

async function* byAsking(
  { jobs }: JobsContext,
  id: string,
  afterOffset: number,
  signal: AbortSignal,
): AsyncGenerator<JobEventBody, void> {
  let offset = afterOffset;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const { events } = await jobs.show(id, offset);
      failures = 0;
      for (const event of events) {
        offset = event.offset;
        yield event.body;
        if (event.body.type === 'done') return;
      }
      if (events.length > 0) continue;
    } catch (error) {
      failures += 1;
      if (failures === SILENT_FAILURES) yield notHeard(error);
      if (error instanceof Error && 'code' in error && error.code === 'unknown_instance') throw error;
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

function notHeard(error: unknown): JobEventBody {
  const message = error instanceof Error ? error.message : String(error);
  return { type: 'error', fatal: false, error_code: 'not_readable', message };
}
