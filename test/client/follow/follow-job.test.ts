/**
 * Goal: a job is followed to its end through everything that happens to connections, each event once and in order, and
 * what happened is told in words that help.
 * Method: a real gateway, real sockets, and between them a proxy that cuts, keeps back, drops and falls silent.
 */
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventSource } from 'eventsource';
import { followJob, type FollowOptions } from '../../../client/follow/index.js';
import { Followed, wholeLog } from '../../support/followed.js';
import { startSseProxy, type SseProxy } from '../../support/sse-proxy.js';
import {
  playedJobRoute,
  PlayedJob,
  startStreamGateway,
  type StreamGateway,
} from '../../support/stream-gateway.js';

const SOON = 20;
const quick: FollowOptions = { reconnectDelayMs: () => SOON };

let job: PlayedJob;
let gateway: StreamGateway;
let proxy: SseProxy;
let followed: Followed | undefined;

beforeEach(async () => {
  job = new PlayedJob();
  gateway = await startStreamGateway(job, { heartbeatMs: 100, addRoutes: playedJobRoute(job) });
  proxy = await startSseProxy(() => gateway.url);
});
afterEach(async () => {
  await followed?.stop();
  followed = undefined;
  await proxy.close();
  await gateway.close();
});

function follow(options: FollowOptions = {}): Followed {
  followed = new Followed(`${proxy.url}/api/jobs/played`, { ...quick, ...options });
  return followed;
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < 30_000; waitedMs += 20) {
    if (condition()) return;
    await sleep(20);
  }
  throw new Error(`never: ${what}; saw ${JSON.stringify(followed?.events.slice(-5))}`);
}

describe('followJob', () => {
  it('gives every event and ends with done', async () => {
    const following = follow();
    job.progress(3);
    await until(() => following.offsets.length === 3, 'three events');
    job.progress(2).finish();
    await following.ended;
    expect(following.offsets).toEqual(wholeLog(7));
    expect(following.last).toMatchObject({ type: 'done', status: 'completed', offset: 7, origin: 'server' });
    expect(following.codes).toEqual([]);
  });

  it('goes on from an earlier event', async () => {
    job.progress(5).finish();
    const following = follow({ lastEventId: 4 });
    await following.ended;
    expect(following.offsets).toEqual([5, 6, 7]);
  });

  it.each(['end', 'reset'] as const)('survives a proxy that cuts every connection (%s)', async (how) => {
    proxy.faults.cut = { afterBytes: 1_500, how };
    const following = follow();
    job.progress(60).finish();
    await following.ended;
    expect(following.offsets).toEqual(wholeLog(62));
    expect(following.codes.length).toBeGreaterThan(3);
    expect(new Set(following.codes)).toEqual(new Set(['STREAM_CLOSED']));
    const error = following.events.find((event) => event.type === 'error');
    expect(error).toMatchObject({
      fatal: false,
      message: expect.stringMatching(/^Connection closed by server/),
    });
    // Each connection went on from where the one before it was cut.
    const cursors = proxy.requests.map(({ lastEventId }) => Number(lastEventId ?? 0));
    expect(cursors).toEqual([...cursors].sort((left, right) => left - right));
    expect(cursors.at(-1)).toBeGreaterThan(0);
  });

  it('survives a proxy that keeps events back', async () => {
    proxy.faults.bufferMs = 700;
    const following = follow();
    job.progress(20);
    await until(() => following.offsets.length === 20, 'twenty events');
    job.finish();
    await following.ended;
    expect(following.offsets).toEqual(wholeLog(22));
  });

  it('asks again for an event that a proxy has lost, and sees it in its place', async () => {
    proxy.faults.drop = /"done":3,/;
    const following = follow();
    job.progress(10);
    await until(() => following.codes.length > 0, 'the hole to be seen');
    proxy.faults.drop = null;
    job.finish();
    await following.ended;
    expect(following.codes).toContain('EVENTS_MISSING');
    expect(following.offsets).toEqual(wholeLog(12));
  });

  it('is not held up by a proxy that always drops done', async () => {
    proxy.faults.drop = /"type":"done"/;
    const following = follow();
    job.progress(3).finish();
    await following.ended;
    expect(following.last).toMatchObject({ type: 'done', status: 'completed', origin: 'client' });
    expect(following.offsets).toEqual(wholeLog(4));
    expect(following.codes).toEqual(['STREAM_CLOSED', 'STREAM_CLOSED', 'STREAM_CLOSED']);
  });

  it('is not held up by a stream that lives on after the end of its job', async () => {
    const deaf = await startDeafStream();
    try {
      followed = new Followed(`http://127.0.0.1:${deaf.port}/api/jobs/x`, { ...quick, quietMs: 300 });
      await followed.ended;
      expect(followed.last).toMatchObject({
        type: 'done',
        status: 'failed',
        origin: 'client',
        message: 'no luck',
      });
    } finally {
      deaf.close();
    }
  });

  it('says that a silent server is silent, and goes on when it speaks again', async () => {
    proxy.faults.silent = true;
    const following = follow({ silenceMs: 300 });
    job.progress(1);
    await until(() => following.codes.length >= 2, 'timeouts');
    expect(following.events[0]).toMatchObject({
      error_code: 'UND_ERR_BODY_TIMEOUT',
      fatal: false,
      message: expect.stringMatching(/^Stream timeout - /),
    });
    proxy.faults.silent = false;
    job.finish();
    await following.ended;
    expect(following.offsets).toEqual([1, 2, 3]);
  });

  it('comes again after answers that may change', async () => {
    proxy.faults.status = 502;
    const following = follow();
    await until(() => following.codes.length >= 2, 'two refusals');
    expect(following.events[0]).toMatchObject({
      error_code: 'HTTP_502',
      fatal: false,
      details: { status: 502 },
    });
    proxy.faults.status = null;
    job.finish();
    await following.ended;
    expect(following.offsets).toEqual([1, 2]);
  });

  it('ends with a fatal error where no other try can help', async () => {
    job.unknownTo.add('workflow').add('store');
    const following = follow();
    await following.ended;
    expect(following.events).toEqual([
      expect.objectContaining({ type: 'error', fatal: true, error_code: 'not_found', origin: 'client' }),
    ]);
  });

  it('tells what it cannot reach with code and details', async () => {
    const { url } = gateway;
    await gateway.close();
    followed = new Followed(`${url}/api/jobs/played`, quick);
    await until(() => followed !== undefined && followed.codes.length >= 2, 'refusals');
    expect(followed.events[0]).toMatchObject({ error_code: 'ECONNREFUSED', fatal: false });
    gateway = await startStreamGateway(job, { port: Number(new URL(url).port) });
    job.finish();
    await followed.ended;
    expect(followed.offsets).toEqual([1, 2]);
  });

  it('gives done to somebody who has seen all before', async () => {
    job.progress(1).finish();
    const following = follow({ lastEventId: 3 });
    await following.ended;
    expect(following.events).toEqual([
      expect.objectContaining({ type: 'done', status: 'completed', origin: 'client' }),
    ]);
  });

  it('ends at once and closes its connection when it is aborted or left', async () => {
    const following = follow();
    job.progress(1);
    await until(() => following.offsets.length === 1, 'an event');
    await following.stop();
    job.progress(1);
    for await (const event of followJob(`${proxy.url}/api/jobs/played`)) {
      expect(event.offset).toBe(1);
      break;
    }
    let left = 1;
    for (let tries = 0; tries < 500 && left > 0; tries += 1) {
      await sleep(20);
      left = await streamsOf(gateway);
    }
    expect(left).toBe(0);
  });

  it('does not end while the server is told to close and comes again', async () => {
    const following = follow();
    job.progress(2);
    await until(() => following.offsets.length === 2, 'events');
    const { port } = gateway;
    await gateway.close();
    await until(() => following.codes.includes('STREAM_CLOSED'), 'the closed stream');
    job.progress(2);
    gateway = await startStreamGateway(job, { port, addRoutes: playedJobRoute(job) });
    await until(() => following.offsets.length === 4, 'what came meanwhile');
    job.finish();
    await following.ended;
    expect(following.offsets).toEqual(wholeLog(6));
  });
});

describe('other clients', () => {
  it('the package eventsource sees each event once through a proxy that cuts, and is told 204 at the end', async () => {
    proxy.faults.cut = { afterBytes: 4_000, how: 'reset' };
    const seen: number[] = [];
    const source = new EventSource(`${proxy.url}/api/jobs/played/stream`);
    source.addEventListener('message', ({ lastEventId }) => seen.push(Number(lastEventId)));
    job.progress(50).finish();
    await until(() => source.readyState === source.CLOSED, 'the end');
    source.close();
    expect(seen).toEqual(wholeLog(52));
  });

  it('curl -N shows the events as they come and ends by itself', async () => {
    job.progress(2);
    setTimeout(() => job.finish(), 700);
    const { stdout } = await promisify(execFile)('curl', [
      '-sN',
      `${gateway.url}/api/jobs/played/stream?last_event_id=1`,
    ]);
    expect(stdout.match(/^id: .*$/gm)).toEqual(['id: 2', 'id: 3', 'id: 4']);
  });
});

function streamsOf({ app }: StreamGateway): Promise<number> {
  return new Promise((resolve, reject) => {
    app.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}

/** A stream with heartbeats and no events, of a job that has failed. */
async function startDeafStream(): Promise<{ port: number; close: () => void }> {
  const timers = new Set<NodeJS.Timeout>();
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (request) => {
      if (request.toString().startsWith('GET /api/jobs/x/stream')) {
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n');
        timers.add(setInterval(() => socket.writable && socket.write(': heartbeat\n\n'), 50));
        return;
      }
      const body = JSON.stringify({
        ...new PlayedJob().view(),
        status: 'failed',
        error: { cause: 'x', message: 'no luck' },
      });
      socket.end(
        `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const timer of timers) clearInterval(timer);
      server.close();
    },
  };
}
