/**
 * Goal: a digest is asked for, followed and made through everything that lies between a person and an item, whatever the endpoint does.
 * Method: real programs fetch a real feed; the digest is written by an endpoint that asks for a pause, breaks off and falls silent.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import type { JobAnswer, JobEvent, JobView } from '../../core/jobs/index.js';
import { Cluster } from '../support/cluster.js';
import { FeedServer } from '../support/feed-server.js';
import { LlmServer } from '../support/llm-server.js';
import { startSource } from '../support/source-cluster.js';

const KEY = 'sk-key-of-the-test';

let cluster: Cluster;
let feeds: FeedServer;
let llm: LlmServer;

beforeAll(async () => {
  [feeds, llm] = await Promise.all([FeedServer.start(), LlmServer.start()]);
  const jobs = { llm: { base_url: llm.baseUrl, model: 'small', api_key: '${env:LLM_KEY}', timeout: '1s' } };
  cluster = await Cluster.start({ config: { jobs }, environment: { LLM_KEY: KEY } });
  await cluster.startWorker('orchestrator,fetch');
  feeds.feed('bridges').items = ['bridge-north', 'bridge-south', 'weather'];
  await startSource(cluster, { id: 'bridges', url: feeds.url('bridges'), every: '1h' });
  await cluster.untilState('source/bridges', 'running');
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await Promise.all([feeds.close(), llm.close()]);
}, 60_000);

async function startDigest(id: string, params: object): Promise<WorkflowHandle> {
  return await cluster.client.workflow.start('job', {
    workflowId: `job/${id}`,
    taskQueue: 'holdfast',
    args: [{ id, kind: 'digest', params: { topic: 'bridge*', period: '24h', ...params } }],
  });
}

async function readArtifact(id: string, name: string): Promise<string> {
  return await readFile(join(cluster.dataDir, 'jobs', id, 'artifacts', name), 'utf8');
}

async function eventsOf(handle: WorkflowHandle): Promise<readonly JobEvent[]> {
  const { events } = await handle.query<JobAnswer, [number]>('events', 0);
  return events;
}

/** The whole history with its payloads as text. */
async function textOfHistory(handle: WorkflowHandle): Promise<string> {
  return JSON.stringify(await handle.fetchHistory(), function (this: Record<string, unknown>, key, value) {
    const original = this[key];
    return original instanceof Uint8Array ? Buffer.from(original).toString() : (value as unknown);
  });
}

describe('a digest job', () => {
  it('finds what a source has brought, sums it up and leaves three files', async () => {
    const handle = await startDigest('plain', {});
    await handle.result();
    const view = await handle.query<JobView>('status');
    expect(view).toMatchObject({ status: 'completed', error: null });
    expect(view.artifacts.map(({ name }) => name)).toEqual(['digest.md', 'digest.html', 'digest.json']);
    const feed = JSON.parse(await readArtifact('plain', 'digest.json')) as { items: { url: string }[] };
    expect(feed.items).toHaveLength(2);
    expect(await readArtifact('plain', 'digest.md')).toContain('# Digest: bridge\\*');
  }, 60_000);

  it('is written by an endpoint that fails in every way on the way, and shows its tokens', async () => {
    llm.next.push(
      {
        kind: 'status',
        status: 429,
        headers: { 'retry-after': '1' },
        text: '{"error":{"message":"Slow down"}}',
      },
      { kind: 'tokens', tokens: ['First ', 'story.'] },
      { kind: 'cut', tokens: ['Half'] },
      { kind: 'stall', tokens: ['Half'] },
    );
    const handle = await startDigest('written', { summarizer: 'llm' });
    await handle.result();
    const events = await eventsOf(handle);
    expect(events.map(({ offset }) => offset)).toEqual(events.map((_event, index) => index + 1));
    const bodies = events.map(({ body }) => body);
    expect(bodies.flatMap((body) => (body.type === 'error' ? [body.error_code] : []))).toEqual([
      'rate_limited',
      'network_disconnect',
      'timeout',
    ]);
    const text = bodies.flatMap((body) => (body.type === 'progress' ? [body.text ?? ''] : [])).join('');
    expect(text).toContain('First story.');
    expect(bodies.at(-1)).toMatchObject({ type: 'done', status: 'completed' });
    const feed = JSON.parse(await readArtifact('written', 'digest.json')) as {
      items: { content_text: string }[];
    };
    expect(feed.items.map(({ content_text: content }) => content)).toEqual(['First story.', 'All is well.']);
    // Two stories and the head, and three failures; the key was sent with each.
    expect(llm.asked.map(({ headers }) => headers.authorization)).toEqual(Array(6).fill(`Bearer ${KEY}`));
  }, 90_000);

  it('fails at once when the key is refused, says so, and never shows the key', async () => {
    llm.asked.length = 0;
    llm.next.push({ kind: 'status', status: 401, text: `{"error":{"message":"Bad key ${KEY}"}}` });
    const handle = await startDigest('refused', { summarizer: 'llm' });
    await handle.result().catch((error: unknown) => {
      if (!(error instanceof WorkflowFailedError)) throw error;
    });
    const view = await handle.query<JobView>('status');
    expect(view).toMatchObject({
      status: 'failed',
      artifacts: [],
      error: { cause: 'unauthorized', message: expect.stringContaining('HTTP 401 Bad key ***') as unknown },
    });
    expect(llm.asked).toHaveLength(1);
    const history = await textOfHistory(handle);
    expect(history).toContain('Bad key ***');
    expect(history).not.toContain(KEY);
  }, 60_000);
});
