/**
 * Goal: the job stream keeps every rule of its contract.
 * Method: a real gateway on a real socket, read as raw HTTP; the job behind it is played by hand.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { askRaw, idsIn, messagesIn, until, type RawStream } from '../../../support/raw-stream.js';
import {
  playedJobRoute,
  PlayedJob,
  startStreamGateway,
  type StreamGateway,
} from '../../../support/stream-gateway.js';

let job: PlayedJob;
let gateway: StreamGateway;
const open: RawStream[] = [];

beforeEach(async () => {
  job = new PlayedJob();
  gateway = await startStreamGateway(job, { heartbeatMs: 100, addRoutes: playedJobRoute(job) });
});
afterEach(async () => {
  for (const raw of open.splice(0)) raw.destroy();
  await gateway.close();
});

async function ask(path: string, headers: Record<string, string> = {}): Promise<RawStream> {
  const raw = await askRaw(`${gateway.url}${path}`, headers);
  open.push(raw);
  return raw;
}

describe('the stream of a job', () => {
  it('has the headers, the retry, the ids and the data of the contract, and no event names', async () => {
    job.say({ type: 'status', status: 'running', message: 'go' }).progress(1).finish();
    const raw = await ask('/api/jobs/played/stream');
    expect(await raw.ended).toBe('end');
    expect(raw.status).toBe(200);
    expect(raw.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    expect(raw.text().startsWith('retry: 2000\n\n')).toBe(true);
    expect(raw.text()).not.toMatch(/^event:/m);
    expect(raw.text()).toMatch(/^data: \{"type":/m);
    expect(messagesIn(raw.text()).map(({ id, data }) => [id, data.type])).toEqual([
      [1, 'status'],
      [2, 'progress'],
      [3, 'status'],
      [4, 'done'],
    ]);
  });

  it('sends comments while nothing happens', async () => {
    const raw = await ask('/api/jobs/played/stream');
    await until(() => (raw.text().match(/^: /gm) ?? []).length >= 3, 'three comments');
    expect(messagesIn(raw.text())).toEqual([]);
  });

  it('tells events as they come, to all clients, from one reader', async () => {
    const clients = await Promise.all(Array.from({ length: 40 }, () => ask('/api/jobs/job%2Fplayed/stream')));
    job.progress(3);
    await until(() => clients.every((raw) => idsIn(raw.text()).length === 3), 'three events at each');
    const polls = gateway.hub.readerCount;
    expect(polls).toBe(1);
    job.progress(2).finish();
    await Promise.all(clients.map((raw) => raw.ended));
    for (const raw of clients) expect(idsIn(raw.text())).toEqual([1, 2, 3, 4, 5, 6, 7]);
    // Some seconds at two polls a second, and not forty times that.
    expect(job.reads.length).toBeLessThan(40);
  });

  it.each([
    ['the header', '', { 'last-event-id': '2' }],
    ['the query', '?last_event_id=2', {}],
    ['the header before the query', '?last_event_id=1', { 'last-event-id': '2' }],
  ])('goes on after the last event id of %s', async (_from, query, headers) => {
    job.progress(3).finish();
    const raw = await ask(`/api/jobs/played/stream${query}`, headers);
    await raw.ended;
    expect(idsIn(raw.text())).toEqual([3, 4, 5]);
  });

  it('answers 204 when the job is over and was read to its end, and only then', async () => {
    job.progress(1);
    const early = await ask('/api/jobs/played/stream', { 'last-event-id': '1' });
    expect(early.status).toBe(200);
    job.finish();
    await early.ended;
    expect((await ask('/api/jobs/played/stream', { 'last-event-id': '3' })).status).toBe(204);
    expect((await ask('/api/jobs/played/stream', { 'last-event-id': '2' })).status).toBe(200);
    expect((await ask('/api/jobs/played/stream')).status).toBe(200);
  });

  it('answers 404 for an unknown job, also one that is made a moment later', async () => {
    job.unknownTo.add('workflow').add('store');
    const raw = await ask('/api/jobs/played/stream');
    await raw.ended;
    expect(raw.status).toBe(404);
    expect(JSON.parse(raw.text())).toMatchObject({ error: { code: 'not_found' } });
    job.unknownTo.clear();
    expect((await ask('/api/jobs/played/stream')).status).toBe(200);
  });

  it('refuses a query that is none, naming it', async () => {
    const raw = await ask('/api/jobs/played/stream?last_event_id=x');
    await raw.ended;
    expect(raw.status).toBe(400);
    expect(raw.text()).toContain('last_event_id');
  });

  it('resets a client whose cursor is older than the log, with a snapshot', async () => {
    job.progress(10).forgetBefore(8).finish();
    const raw = await ask('/api/jobs/played/stream', { 'last-event-id': '3' });
    await raw.ended;
    const [reset, ...rest] = messagesIn(raw.text());
    expect(reset).toMatchObject({
      id: 7,
      data: { type: 'reset', missed: { from: 4, to: 7 }, job: { id: 'job/played', lastOffset: 12 } },
    });
    expect(rest.map(({ id }) => id)).toEqual([8, 9, 10, 11, 12]);
  });

  it('resets a client whose cursor the job never reached, but not for a mirror that lags', async () => {
    job.progress(5);
    job.mirroredTo = 3;
    job.away.set('workflow', new Error('no worker'));
    const raw = await ask('/api/jobs/played/stream', { 'last-event-id': '5' });
    await until(() => raw.text().includes('POLL_ERROR'), 'an error of a poll');
    expect(raw.text()).not.toContain('reset');
    job.away.clear();
    job.progress(1).finish();
    await raw.ended;
    expect(idsIn(raw.text()).filter((id) => id !== null)).toEqual([6, 7, 8]);
    const ahead = await ask('/api/jobs/played/stream', { 'last-event-id': '99' });
    await ahead.ended;
    expect(messagesIn(ahead.text())[0]).toMatchObject({ id: 0, data: { type: 'reset', missed: null } });
    expect(idsIn(ahead.text())).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('ends with a last word also when the log of the job has none', async () => {
    job.progress(2);
    job.status = 'cancelled';
    const raw = await ask('/api/jobs/played/stream');
    await raw.ended;
    expect(messagesIn(raw.text()).at(-1)).toMatchObject({
      id: null,
      data: { type: 'done', status: 'cancelled' },
    });
  });

  it('reads more events than one read gives', async () => {
    job.progress(998).finish();
    const raw = await ask('/api/jobs/played/stream');
    await raw.ended;
    expect(idsIn(raw.text())).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1));
  });
});
