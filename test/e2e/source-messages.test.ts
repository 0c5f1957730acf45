/**
 * Goal: a source does what people ask of it, at once and in every state, and tells the health report.
 * Method: real programs; messages are sent as the CLI and Temporal's own tools send them.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { Cluster, until } from '../support/cluster.js';
import { FeedServer } from '../support/feed-server.js';
import { cyclesOf, startSource } from '../support/source-cluster.js';

let cluster: Cluster;
let feeds: FeedServer;

beforeAll(async () => {
  [cluster, feeds] = await Promise.all([Cluster.start(), FeedServer.start()]);
  await cluster.startWorker('orchestrator,fetch');
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await feeds.close();
}, 60_000);

async function stateInHealth(name: string): Promise<string> {
  const { stdout } = await cluster.cli('health', name, '--json', '-c', cluster.configPath);
  const report = JSON.parse(stdout) as { sources: { state: string }[] };
  return report.sources[0]?.state ?? 'unknown';
}

const requests = (name: string): number => feeds.requestsOf(name).length;

describe('a source', () => {
  it('fails at once when its configuration is not valid, naming key and value', async () => {
    const handle = await startSource(cluster, { id: 'invalid', url: 'gopher://x', every: '0s' });
    const failure = await handle.result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    const { cause } = failure as WorkflowFailedError;
    expect(cause).toMatchObject({ type: 'invalid_config', message: expect.stringContaining('gopher://x') });
  }, 30_000);

  it('fetches now, pauses, fetches once while paused, resumes and stops', async () => {
    const handle = await startSource(cluster, { id: 'steered', url: feeds.url('steered'), every: '1h' });
    await cluster.untilState('source/steered', 'running');
    expect((await cluster.status('source/steered')).detail).toMatch(/^next fetch \d\d:\d\d:\d\dZ$/);
    expect(requests('steered')).toBe(1);
    const sent = await cluster.cli('signal', 'steered', 'fetchNow');
    expect(sent).toMatchObject({ exitCode: 0, stderr: '' });
    await until(() => requests('steered') === 2, 10_000, 'a second fetch');
    await cluster.cli('pause', 'steered');
    await cluster.untilState('source/steered', 'paused');
    expect(await stateInHealth('steered')).toBe('paused');
    await handle.signal('fetchNow');
    await until(() => requests('steered') === 3, 10_000, 'a third fetch');
    await cluster.untilState('source/steered', 'paused');
    await until(async () => (await stateInHealth('steered')) === 'paused', 10_000, 'the health report');
    await handle.signal('resume');
    await cluster.untilState('source/steered', 'running');
    await handle.signal('retry');
    await until(() => requests('steered') === 4, 10_000, 'a fourth fetch');
    await handle.signal('stop');
    expect(await handle.result()).toMatchObject({ state: 'stopped', cycles: 4, incidents: 0 });
    expect(await stateInHealth('steered')).toBe('stopped');
  }, 90_000);

  it('takes pause and stop at once in the middle of a fetch, and never fetches twice at a time', async () => {
    feeds.feed('hangs').mode = 'held';
    const handle = await startSource(cluster, { id: 'hangs', url: feeds.url('hangs'), every: '1h' });
    await until(() => requests('hangs') === 1, 20_000, 'a fetch');
    const askedAtMs = Date.now();
    await handle.signal('pause');
    await handle.signal('resume');
    feeds.feed('hangs').mode = 'good';
    // The fetch under way has to end first; the next one is made at once.
    await until(() => requests('hangs') === 2, 20_000, 'the fetch after the pause');
    expect(Date.now() - askedAtMs).toBeLessThan(15_000);
    await cluster.untilState('source/hangs', 'running');
    feeds.feed('hangs').mode = 'held';
    await handle.signal('fetchNow');
    await until(() => requests('hangs') === 3, 10_000, 'a third fetch');
    await handle.signal('stop');
    expect(await handle.result()).toMatchObject({ state: 'stopped' });
    expect(Date.now() - askedAtMs).toBeLessThan(40_000);
  }, 90_000);

  it('closes its breaker when asked to, and tries at once', async () => {
    feeds.feed('reset').mode = 'reset';
    const breaker = { failures: 1, open: '1h' };
    const handle = await startSource(cluster, { id: 'reset', url: feeds.url('reset'), every: '1h', breaker });
    await cluster.untilState('source/reset', 'degraded', 40_000);
    expect(await stateInHealth('reset')).toBe('open');
    feeds.feed('reset').mode = 'good';
    await cluster.cli('signal', 'source/reset', 'resetBreaker');
    await cluster.untilState('source/reset', 'running', 20_000);
    expect(await stateInHealth('reset')).toBe('up');
    expect((await cyclesOf(handle)).at(-1)).toMatchObject({ maximumAttempts: 3, outcome: 'fetched' });
  }, 90_000);

  it('takes a new interval without fetching, and a new address by fetching it', async () => {
    const entry = {
      id: 'moved',
      url: feeds.url('moved'),
      every: '1h',
      allow_private: true,
      allow_fast: true,
    };
    const handle = await startSource(cluster, entry);
    await cluster.untilState('source/moved', 'running');
    const reconfigure = (changes: object) =>
      handle.executeUpdate('reconfigure', { args: [{ ...entry, ...changes }] });
    expect(await reconfigure({ every: '2h' })).toEqual({ restarted: false });
    expect(requests('moved')).toBe(1);
    expect(await reconfigure({ url: feeds.url('there') })).toEqual({ restarted: true });
    await until(() => requests('there') === 1, 10_000, 'a fetch from the new address');
    await expect(reconfigure({ id: 'other' })).rejects.toThrow();
    await expect(reconfigure({ every: 'often' })).rejects.toThrow();
    await handle.cancel();
    expect(await handle.result()).toMatchObject({ state: 'stopped' });
  }, 60_000);

  it('is left alone for as long as the site asks', async () => {
    feeds.feed('busy').mode = 'away';
    await startSource(cluster, { id: 'busy', url: feeds.url('busy'), every: '1s' });
    await until(
      async () => (await cluster.status('source/busy')).detail.startsWith('left alone until'),
      20_000,
      'the wait',
    );
    const { branches, incidentCount } = await cluster.status('source/busy');
    const waitMs = Date.parse(branches[0]?.nextAttemptAt ?? '') - Date.now();
    expect(waitMs).toBeGreaterThan(100_000);
    expect(incidentCount).toBe(0);
    expect(requests('busy')).toBe(1);
  }, 40_000);
});
