/**
 * Goal: a source that fails is asked three times in a cycle, each time on a connection of its own; after enough failed cycles it is left
 * alone, whatever dies meanwhile, and asked again by one single probe.
 * Method: real programs and shortened settings; what was asked is read from the server's log, what was decided from the history.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Cluster, until, type WorkerProcess } from '../support/cluster.js';
import { FeedServer } from '../support/feed-server.js';
import { cyclesOf, startSource } from '../support/source-cluster.js';
import { timersOf } from '../support/workflow-history.js';

let cluster: Cluster;
let feeds: FeedServer;
let worker: WorkerProcess;

beforeAll(async () => {
  [cluster, feeds] = await Promise.all([Cluster.start(), FeedServer.start()]);
  worker = await cluster.startWorker('orchestrator,fetch');
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await feeds.close();
}, 60_000);

/** The server adds a little to each wait, and a busy machine more. */
const LATE_MAX_MS = 3_000;

describe('a cycle that fails', () => {
  it('makes three attempts, 2 s and 4 s apart, each on a connection of its own that is closed', async () => {
    feeds.feed('resets').mode = 'reset';
    const handle = await startSource(cluster, { id: 'resets', url: feeds.url('resets'), every: '1h' });
    await until(async () => (await cyclesOf(handle)).length === 1, 60_000, 'the end of the cycle');
    expect(await cyclesOf(handle)).toMatchObject([
      { maximumAttempts: 3, attempt: 3, firstWaitMs: 2_000, waitFactor: 2, cause: 'network_disconnect' },
    ]);
    const requests = feeds.requestsOf('resets');
    expect(requests.map(({ headers }) => headers.connection)).toEqual(['close', 'close', 'close']);
    expect(new Set(requests.map(({ connection }) => connection)).size).toBe(3);
    const [first = 0, second = 0, third = 0] = requests.map(({ atMs }) => atMs);
    expect(second - first).toBeGreaterThanOrEqual(1_900);
    expect(second - first).toBeLessThan(2_000 + LATE_MAX_MS);
    expect(third - second).toBeGreaterThanOrEqual(3_900);
    expect(third - second).toBeLessThan(4_000 + LATE_MAX_MS);
    await cluster.untilState('source/resets', 'retrying');
    expect((await cluster.status('source/resets')).detail).toMatch(
      /^next fetch \d\d:\d\d:\d\dZ, 1 failed cycle, network_disconnect: /,
    );
  }, 90_000);
});

describe('the breaker of a source', () => {
  it('opens after 3 failed cycles for 5 minutes, as the timer in the history says', async () => {
    const entry = {
      id: 'usual',
      url: feeds.url('usual'),
      parse: { kind: 'json', items: '[]' },
      every: '1s',
    };
    // What is no JSON fails at once: a cycle of one attempt.
    const handle = await startSource(cluster, entry);
    await cluster.untilState('source/usual', 'degraded', 60_000);
    expect((await cyclesOf(handle)).map(({ cause }) => cause)).toEqual(Array(3).fill('parse_error'));
    await until(async () => (await timersOf(handle)).length === 3, 10_000, 'the timer');
    const timer = (await timersOf(handle)).at(-1);
    expect(timer?.summary).toMatch(/^breaker open until \d\d:\d\d:\d\dZ$/);
    expect(timer?.seconds).toBeGreaterThan(298);
    expect(timer?.seconds).toBeLessThan(331);
  }, 90_000);

  it('lets nobody ask while it is open, through the loss of worker and server, then one probe, and closes', async () => {
    const name = 'probed';
    const breaker = { failures: 3, open: '25s', max_open: '25s' };
    feeds.feed(name).mode = 'cut';
    const entry = {
      id: name,
      url: feeds.url(name),
      parse: { kind: 'json', items: '[]' },
      every: '1s',
      breaker,
    };
    const handle = await startSource(cluster, entry);
    await cluster.untilState(`source/${name}`, 'degraded', 60_000);
    const openedAtMs = Date.now();
    const asked = feeds.requestsOf(name).length;
    expect(asked).toBe(3);
    await worker.end('SIGKILL');
    process.kill(cluster.server.server.pid(), 'SIGKILL');
    worker = await cluster.startWorker('orchestrator,fetch');
    const status = await cluster.untilState(`source/${name}`, 'degraded', 30_000);
    expect(status.detail).toMatch(/^breaker open until /);
    await until(() => feeds.requestsOf(name).length > asked, 60_000, 'the probe');
    const [probe] = feeds.requestsOf(name).slice(asked);
    expect((probe?.atMs ?? 0) - openedAtMs).toBeGreaterThan(20_000);
    await until(async () => (await cyclesOf(handle)).length === 4, 20_000, 'the end of the probe');
    expect((await cyclesOf(handle)).at(-1)).toMatchObject({ maximumAttempts: 1, cause: 'parse_error' });
    // A new configuration that fits is another source: it is fetched at once.
    feeds.feed(name).mode = 'good';
    const fitting = { ...entry, parse: { kind: 'feed' }, allow_private: true, allow_fast: true };
    expect(await handle.executeUpdate('reconfigure', { args: [fitting] })).toEqual({ restarted: true });
    await cluster.untilState(`source/${name}`, 'running', 20_000);
  }, 150_000);

  it('is closed by a probe that succeeds', async () => {
    const name = 'mended';
    feeds.feed(name).mode = 'reset';
    const breaker = { failures: 1, open: '8s', max_open: '8s' };
    const handle = await startSource(cluster, { id: name, url: feeds.url(name), every: '1s', breaker });
    await cluster.untilState(`source/${name}`, 'degraded', 60_000);
    feeds.feed(name).mode = 'good';
    await cluster.untilState(`source/${name}`, 'running', 30_000);
    const [failed, probe, next] = await cyclesOf(handle);
    expect(failed).toMatchObject({ maximumAttempts: 3, attempt: 3, cause: 'network_disconnect' });
    expect(probe).toMatchObject({ maximumAttempts: 1, outcome: 'fetched' });
    expect((probe?.scheduledAtMs ?? 0) - (feeds.requestsOf(name)[2]?.atMs ?? 0)).toBeGreaterThan(7_500);
    if (next !== undefined) expect(next).toMatchObject({ maximumAttempts: 3, outcome: 'not_modified' });
  }, 90_000);
});
