/**
 * Goal: a job stream goes on when its job cannot be read, and gives way when it must: to clients that do not read, to a shutdown, to its limits.
 * Method: a real gateway on a real socket, read as raw HTTP; the job behind it is played by hand.
 */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
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

describe('the stream of a job that cannot be read', () => {
  it('tells the error, reads from the store meanwhile and goes back to the workflow', async () => {
    const raw = await ask('/api/jobs/played/stream');
    job.away.set('workflow', new Error('the worker is busy'));
    job.progress(2);
    await until(
      () => idsIn(raw.text()).filter((id) => id !== null).length === 2,
      'the events, from the store',
    );
    const error = messagesIn(raw.text()).find(({ data }) => data.type === 'error');
    expect(error).toMatchObject({
      id: null,
      data: { fatal: false, error_code: 'POLL_ERROR', details: { place: 'workflow' } },
    });
    expect(String(error?.data['message'])).toContain('the worker is busy');
    expect(raw.text()).not.toContain('    at ');
    job.away.clear();
    job.finish();
    expect(await raw.ended).toBe('end');
    expect(idsIn(raw.text()).filter((id) => id !== null)).toEqual([1, 2, 3, 4]);
  });

  it('tells that the store is away although the workflow answers', async () => {
    job.away.set('store', new Error('connect ECONNREFUSED'));
    const raw = await ask('/api/jobs/played/stream');
    await until(() => raw.text().includes('POLL_ERROR'), 'an error of the store');
    job.finish();
    await raw.ended;
    expect(messagesIn(raw.text()).find(({ data }) => data.type === 'error')).toMatchObject({
      data: { fatal: false, details: { place: 'store' } },
    });
    expect(idsIn(raw.text()).filter((id) => id !== null)).toEqual([1, 2]);
  });

  it('opens although nothing can be read, and follows once something can', async () => {
    job.away.set('workflow', new Error('server away')).set('store', new Error('database away'));
    job.progress(1);
    const raw = await ask('/api/jobs/played/stream');
    expect(raw.status).toBe(200);
    await until(
      () => raw.text().includes('database away') && raw.text().includes('server away'),
      'both errors',
    );
    job.away.clear();
    job.finish();
    await raw.ended;
    expect(idsIn(raw.text()).filter((id) => id !== null)).toEqual([1, 2, 3]);
  });

  it('ends with a fatal error and done when the job is gone', async () => {
    job.progress(1);
    const raw = await ask('/api/jobs/played/stream');
    await until(() => idsIn(raw.text()).length === 1, 'the first event');
    job.unknownTo.add('workflow').add('store');
    expect(await raw.ended).toBe('end');
    expect(messagesIn(raw.text()).map(({ id, data }) => [id, data.type, data['fatal']])).toEqual([
      [1, 'progress', undefined],
      [null, 'error', true],
      [null, 'done', undefined],
    ]);
  });

  it('logs each line of the contract with its fields', async () => {
    job.progress(1);
    const raw = await ask('/api/jobs/played/stream');
    await until(() => idsIn(raw.text()).length === 1, 'the first event');
    job.away.set('workflow', new TypeError('the worker is busy'));
    await until(() => raw.text().includes('POLL_ERROR'), 'an error');
    await until(() => gateway.lines.some(({ msg }) => String(msg).includes('STREAM_POLL')), 'a poll line');
    job.away.clear();
    job.finish();
    await raw.ended;
    const line = (tag: string): Record<string, unknown> | undefined =>
      gateway.lines.find(({ msg }) => String(msg).startsWith(`[${tag}]`));
    expect(line('STREAM_START')).toMatchObject({
      msg: '[STREAM_START] Starting SSE stream for job job/played',
      jobId: 'job/played',
    });
    expect(line('STREAM_POLL')?.['msg']).toMatch(
      /^\[STREAM_POLL\] Job job\/played: Poll #\d+, status=running$/,
    );
    expect(line('STREAM_COMPLETE')?.['msg']).toMatch(
      /^\[STREAM_COMPLETE\] Job job\/played: Status changed to completed/,
    );
    expect(line('STREAM_ERROR')).toMatchObject({
      level: 50,
      jobId: 'job/played',
      errorType: 'TypeError',
      errorMessage: 'the worker is busy',
      stack: expect.stringContaining('TypeError: the worker is busy\n    at '),
      status: 'running',
      artifactCount: 0,
    });
    expect(line('STREAM_ERROR')?.['msg']).toMatch(/^\[STREAM_ERROR\] Job job\/played: .*the worker is busy$/);
  });
});

describe('the gateway of job streams', () => {
  it('drops a client that does not read, and keeps the others', async () => {
    await gateway.close();
    gateway = await startStreamGateway(job, { heartbeatMs: 50, blockedMsMax: 300 });
    const deaf = connect(gateway.port, '127.0.0.1');
    deaf.on('error', () => undefined).pause();
    deaf.write('GET /api/jobs/played/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    const raw = await ask('/api/jobs/played/stream');
    await until(
      () => gateway.lines.filter(({ msg }) => String(msg).includes('STREAM_START')).length === 2,
      'both',
    );
    const text = 'x'.repeat(20_000);
    for (let count = 0; count < 900; count += 1) {
      job.say({ type: 'log', level: 'info', message: text });
      if (count % 100 === 99)
        await until(() => raw.text().includes(`id: ${count + 1}\n`), 'the reader to follow');
    }
    const connections = (): Promise<number> =>
      new Promise((resolve, reject) => {
        gateway.app.server.getConnections((error, count) =>
          error === null ? resolve(count) : reject(error),
        );
      });
    let left = 2;
    for (let tries = 0; tries < 200 && left > 1; tries += 1) {
      await sleep(50);
      left = await connections();
    }
    expect(left).toBe(1);
    deaf.destroy();
    job.finish();
    expect(await raw.ended).toBe('end');
    expect(idsIn(raw.text())).toEqual(Array.from({ length: 902 }, (_, index) => index + 1));
  });

  it('ends every stream in an orderly way when it closes', async () => {
    const clients = await Promise.all(Array.from({ length: 5 }, () => ask('/api/jobs/played/stream')));
    const startedMs = Date.now();
    await gateway.close();
    expect(await Promise.all(clients.map((raw) => raw.ended))).toEqual(['end', 'end', 'end', 'end', 'end']);
    expect(Date.now() - startedMs).toBeLessThan(2_000);
    for (const raw of clients) expect(raw.text()).not.toContain('"done"');
  });

  it('stops reading a job that nobody follows any more', async () => {
    await gateway.close();
    gateway = await startStreamGateway(job, { lingerMs: 200 });
    await ask('/api/jobs/played/stream');
    expect(gateway.hub.readerCount).toBe(1);
    for (const raw of open.splice(0)) raw.destroy();
    await until(() => gateway.hub.readerCount === 0, 'the reader to end');
    const reads = job.reads.length;
    await sleep(1_200);
    expect(job.reads.length).toBe(reads);
  });

  it('tells clients to come again when it serves as many streams as it can', async () => {
    await gateway.close();
    gateway = await startStreamGateway(job, { streamsMax: 1 });
    expect((await ask('/api/jobs/played/stream')).status).toBe(200);
    const second = await ask('/api/jobs/played/stream');
    expect(second.status).toBe(429);
    expect(second.headers['retry-after']).toBe('5');
  });
});
