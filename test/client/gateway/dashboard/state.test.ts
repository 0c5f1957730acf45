// What the page makes of what it is told, without a browser.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { actionsFor, workflowAddress } from '../../../../client/gateway/dashboard/state/actions.js';
import { applyEvent, NOTIFICATIONS_SHOWN } from '../../../../client/gateway/dashboard/state/apply-event.js';
import { afterJobEvent } from '../../../../client/gateway/dashboard/state/apply-job-event.js';
import { BAR_WIDTH, marksOf } from '../../../../client/gateway/dashboard/state/coverage-marks.js';
import { chosen } from '../../../../client/gateway/dashboard/state/filter.js';
import { jobRequestOf } from '../../../../client/gateway/dashboard/state/job-request.js';
import {
  emptyModel,
  type CoverageDocument,
  type Listed,
  type ShownJob,
} from '../../../../client/gateway/dashboard/state/model.js';
import { placeAfter } from '../../../../client/gateway/dashboard/view/coverage.js';
import type { JobView } from '../../../../core/jobs/index.js';
import { notification } from '../../../support/stores.js';

const NOW_MS = Date.parse('2026-01-02T03:04:05Z');

function listed(id: string, changes: Partial<Listed> = {}): Listed {
  const [kind = '', name = ''] = id.split('/');
  const times = { startedAt: '2026-01-02T03:00:00Z', closedAt: null };
  return {
    id,
    kind,
    name,
    state: 'running',
    host: 'studio-1',
    open: true,
    closed: null,
    runId: 'r1',
    ...times,
    ...changes,
  };
}

const JOB: JobView = {
  id: 'job/x',
  kind: 'digest',
  status: 'running',
  params: {},
  createdAt: '2026-01-02T03:00:00Z',
  startedAt: null,
  endedAt: null,
  progress: null,
  artifacts: [],
  error: null,
  firstOffset: 1,
  lastOffset: 5,
};

function told(sequence: number) {
  const stored = { ...notification(`n${sequence}`), sequence, recordedAt: '2026-01-02T03:04:05Z' };
  return { type: 'notification', notification: stored } as const;
}

describe('what the page knows', () => {
  it('keeps what a workflow has said when the index tells a new state, and forgets it for another execution', () => {
    const model = emptyModel(NOW_MS);
    const detailed = listed('stream/a', { statusProblem: 'known', branches: [] });
    applyEvent(model, { type: 'instances', instances: [detailed] }, NOW_MS);
    applyEvent(model, { type: 'instance', instance: listed('stream/a', { state: 'paused' }) }, NOW_MS);
    expect(model.instances.value?.get('stream/a')).toMatchObject({ state: 'paused', statusProblem: 'known' });
    applyEvent(model, { type: 'instance', instance: listed('stream/a', { runId: 'r2' }) }, NOW_MS);
    expect(model.instances.value?.get('stream/a')?.statusProblem).toBeUndefined();
    applyEvent(model, { type: 'instance_gone', id: 'stream/a' }, NOW_MS);
    expect([...(model.instances.value ?? [])]).toEqual([]);
  });

  it('has each notification once, the newest first, and not more than it shows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 500 }), (sequences) => {
        const model = emptyModel(NOW_MS);
        for (const sequence of sequences) applyEvent(model, told(sequence), NOW_MS);
        const shown = model.notifications.map(({ sequence }) => sequence);
        const newest = [...new Set(sequences)].sort((left, right) => right - left);
        expect(shown.length).toBe(Math.min(newest.length, NOTIFICATIONS_SHOWN));
        expect(shown[0]).toBe(newest[0]);
        expect(shown).toEqual([...new Set(shown)].sort((left, right) => right - left));
      }),
      { numRuns: 30 },
    );
  });

  it('remembers which places the gateway cannot read', () => {
    const model = emptyModel(NOW_MS);
    applyEvent(
      model,
      { type: 'away', place: 'store', message: 'gone', since: '2026-01-02T03:04:00Z' },
      NOW_MS,
    );
    expect(model.away.get('store')?.message).toBe('gone');
    applyEvent(model, { type: 'back', place: 'store' }, NOW_MS);
    expect(model.away.size).toBe(0);
  });

  it('is not thrown back by a job that is told late', () => {
    const model = emptyModel(NOW_MS);
    applyEvent(model, { type: 'jobs', jobs: [JOB] }, NOW_MS);
    applyEvent(model, { type: 'job', job: { ...JOB, status: 'pending', lastOffset: 2 } }, NOW_MS);
    expect(model.jobs.get('job/x')?.view.status).toBe('running');
  });

  it('follows a job by its own events', () => {
    const time = '2026-01-02T03:04:05Z';
    const at = (offset: number) => ({ offset, time, origin: 'server' }) as const;
    const progress = {
      percent: 40,
      step: 'join',
      done: null,
      total: null,
      unit: null,
      rate: null,
      remainingMs: null,
    };
    let job: ShownJob = { view: JOB, text: '', lastLog: '', problem: 'lost' };
    job = afterJobEvent(job, { ...at(6), type: 'progress', ...progress, text: 'Once' });
    job = afterJobEvent(job, {
      ...at(7),
      type: 'artifact',
      name: 'a.md',
      mediaType: 'text/markdown',
      bytes: 3,
    });
    expect(job).toMatchObject({
      text: 'Once',
      problem: null,
      view: { lastOffset: 7, progress: { percent: 40 } },
    });
    job = afterJobEvent(job, {
      type: 'error',
      fatal: false,
      error_code: 'STREAM_CLOSED',
      message: 'closed',
      offset: null,
      time,
      origin: 'client',
    });
    expect(job.problem).toBe('closed');
    job = afterJobEvent(job, { ...at(8), type: 'done', status: 'completed', message: 'made' });
    expect(job.view).toMatchObject({ status: 'completed', artifacts: [{ name: 'a.md' }] });
  });
});

describe('what a person sees and can do', () => {
  it('finds instances by every word', () => {
    const all = [listed('stream/alice'), listed('stream/bob', { state: 'error' }), listed('capture/alice')];
    const ids = (filter: object) =>
      chosen(all, { text: '', kind: '', state: '', ...filter }).map(({ id }) => id);
    expect(ids({ text: 'ALICE stream' })).toEqual(['stream/alice']);
    expect(ids({ kind: 'stream', state: 'error' })).toEqual(['stream/bob']);
    expect(ids({})).toHaveLength(3);
  });

  it('offers what fits the kind, and says why a button would do nothing', () => {
    const idle = (instance: Listed) =>
      Object.fromEntries(actionsFor(instance).map(({ name, idle }) => [name, idle]));
    expect(idle(listed('capture/a'))).toEqual({
      pause: null,
      resume: 'it runs',
      retry: 'it runs',
      hdmiRestored: null,
      stop: null,
    });
    expect(Object.keys(idle(listed('source/a')))).toEqual([
      'pause',
      'resume',
      'retry',
      'fetchNow',
      'resetBreaker',
      'stop',
    ]);
    expect(idle(listed('stream/a', { open: false, state: 'stopped' }))).toMatchObject({
      retry: null,
      stop: 'it does not run',
    });
    expect(
      actionsFor(listed('stream/a'))
        .filter(({ question }) => question !== null)
        .map(({ name }) => name),
    ).toEqual(['stop']);
  });

  it('is led to the workflow in the Web UI', () => {
    expect(workflowAddress('http://ui/', 'default', 'stream/a b', 'r')).toBe(
      'http://ui/namespaces/default/workflows/stream%2Fa%20b/r',
    );
  });

  it('asks for a job with what was filled in', () => {
    expect(
      jobRequestOf('digest', { topic: ' bridge ', period: '24h', sources: 'a, b', max_items: '' }),
    ).toEqual({
      kind: 'digest',
      params: { topic: 'bridge', period: '24h', sources: ['a', 'b'] },
    });
    expect(
      jobRequestOf('clip', {
        recording: 'stream/a',
        branch: '',
        from: '2026-01-02T03:04:05',
        to: '2026-01-02T03:05',
        reencode: 'on',
      }),
    ).toEqual({
      kind: 'clip',
      params: {
        recording: 'stream/a',
        from: '2026-01-02T03:04:05Z',
        to: '2026-01-02T03:05Z',
        reencode: true,
      },
    });
  });

  it('goes from gap to gap and no further', () => {
    fc.assert(
      fc.property(
        fc.nat(50),
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom('ArrowLeft', 'ArrowRight', 'Home', 'End'),
        (now, count, key) => {
          const place = placeAfter(key, Math.min(now, count - 1), count) ?? -1;
          expect(place >= 0 && place < count).toBe(true);
        },
      ),
    );
    expect(placeAfter('Tab', 0, 3)).toBeNull();
  });

  it('sees every mark within the bar, and even the shortest gap', () => {
    const at = (second: number) => new Date(NOW_MS + second * 1_000).toISOString();
    fc.assert(
      fc.property(fc.nat(86_390), fc.integer({ min: 1, max: 10 }), (start, seconds) => {
        const gap = {
          from: at(start),
          to: at(start + seconds),
          durationMs: seconds * 1_000,
          cause: null,
          evidence: '',
        };
        const branch = {
          from: at(0),
          to: at(86_400),
          recorded: [{ from: at(0), to: at(86_400) }],
          gaps: [gap],
        };
        const marks = marksOf(branch as unknown as CoverageDocument['branches'][number]);
        expect(marks.map(({ kind }) => kind)).toEqual(['recorded', 'gap']);
        for (const { x, width } of marks)
          expect(x >= 0 && x + width <= BAR_WIDTH + 0.01 && width > 2).toBe(true);
      }),
    );
  });
});
