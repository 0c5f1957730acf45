/**
 * Goal: who looks at a job that others follow gets what they know, without a read of its own, and never what is old.
 * Method: a hub over a job that is played by hand, with a clock of the test.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { JobHub } from '../../../../client/gateway/jobs/job-hub.js';
import { VIEW_FRESH_MS } from '../../../../client/gateway/jobs/limits.js';
import { until } from '../../../support/raw-stream.js';
import { PlayedJob } from '../../../support/stream-gateway.js';

let job: PlayedJob;
let hub: JobHub;
let aheadMs: number;

beforeEach(() => {
  job = new PlayedJob();
  aheadMs = 0;
  const logger = pino({ level: 'silent' });
  hub = new JobHub({ source: job, logger, nowMs: () => Date.now() + aheadMs });
});
afterEach(() => hub.close());

async function follow(): Promise<void> {
  expect((await hub.ask(job.id, 0)).answer).toBe('stream');
}

describe('the view of a job that is followed', () => {
  it('is what its reader has read, and there is none of a job that nobody follows', async () => {
    job.progress(3);
    expect(hub.freshView(job.id)).toBeNull();
    await follow();
    const reads = job.reads.length;
    expect(hub.freshView(job.id)).toEqual(job.view());
    expect(job.reads.length).toBe(reads);
    expect(hub.freshView('job/other')).toBeNull();
  });

  it('is not given out once the workflow has not answered for a moment, whatever the store says', async () => {
    job.progress(3);
    await follow();
    job.away.set('workflow', new Error('away'));
    await until(() => job.reads.includes('store'), 'a read of the store');
    aheadMs = VIEW_FRESH_MS + 1;
    expect(hub.freshView(job.id)).toBeNull();
  });

  it('stays true of a job that is over, however long ago that was', async () => {
    job.progress(1).finish();
    await follow();
    aheadMs = 60_000;
    expect(hub.freshView(job.id)).toMatchObject({ status: 'completed' });
  });

  it('is asked anew of a job that has failed some time ago: it may have been started again', async () => {
    job.progress(1).finish('failed');
    await follow();
    expect(hub.freshView(job.id)).toMatchObject({ status: 'failed' });
    aheadMs = VIEW_FRESH_MS + 1;
    expect(hub.freshView(job.id)).toBeNull();
  });

  it('is not that of a job that is gone', async () => {
    job.progress(1);
    await follow();
    job.unknownTo.add('workflow').add('store');
    await until(
      () => job.reads.filter((place) => place === 'store').length >= 2,
      'two reads that know nothing',
    );
    aheadMs = VIEW_FRESH_MS + 1;
    expect(hub.freshView(job.id)).toBeNull();
  });
});
