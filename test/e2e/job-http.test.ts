/**
 * Goal: a job is asked for, looked at, followed, fetched and cancelled over HTTP alone.
 * Method: real programs as processes of their own, a real feed, and requests as any program sends them.
 */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JobView } from '../../core/jobs/index.js';
import { Cluster, until, WorkerProcess } from '../support/cluster.js';
import { FeedServer } from '../support/feed-server.js';
import { Followed, wholeLog } from '../support/followed.js';
import { askRaw, messagesIn } from '../support/raw-stream.js';
import { LlmServer } from '../support/llm-server.js';
import { startSource } from '../support/source-cluster.js';

let cluster: Cluster;
let feeds: FeedServer;
let llm: LlmServer;
let gateway: WorkerProcess;
let url: string;

beforeAll(async () => {
  [feeds, llm] = await Promise.all([FeedServer.start(), LlmServer.start()]);
  const jobs = { llm: { base_url: llm.baseUrl, model: 'small' } };
  cluster = await Cluster.start({ config: { jobs } });
  await cluster.startWorker('orchestrator,fetch');
  feeds.feed('bridges').items = ['bridge-north', 'bridge-south'];
  await startSource(cluster, { id: 'bridges', url: feeds.url('bridges'), every: '1h' });
  await cluster.untilState('source/bridges', 'running');
  const to = ['--address', cluster.server.address, '--listen', '127.0.0.1:0'];
  gateway = new WorkerProcess(['gateway', '-c', cluster.configPath, ...to], cluster.folder);
  const served = (): string | undefined => /gateway\s+(http:\S+)/.exec(gateway.output)?.[1];
  await until(
    () => served() !== undefined || gateway.child.exitCode !== null,
    30_000,
    () => `the gateway: ${gateway.output}`,
  );
  url = served() ?? '';
}, 120_000);

afterAll(async () => {
  await gateway.end('SIGKILL');
  await cluster.close();
  await Promise.all([feeds.close(), llm.close()]);
}, 60_000);

async function post(path: string, body: unknown): Promise<Response> {
  return await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

function digest(key: string, params: object = {}): Promise<Response> {
  return post('/api/jobs', { kind: 'digest', key, params: { topic: 'bridge*', period: '24h', ...params } });
}

async function jsonOf<Body>(path: string): Promise<Body> {
  const response = await fetch(`${url}${path}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Body;
}

/** A digest that is done; its path. */
async function madeDigest(key: string): Promise<string> {
  const response = await digest(key);
  const path = response.headers.get('location') ?? '';
  await new Followed(`${url}${path}`).ended;
  return path;
}

describe('jobs over HTTP', () => {
  it('are started once for a key, followed to their end and listed', async () => {
    const first = await digest('once');
    expect(first.status).toBe(201);
    expect(await first.json()).toEqual({ id: 'job/digest-once', created: true });
    const path = first.headers.get('location') ?? '';
    expect(path).toBe('/api/jobs/digest-once');
    const second = await digest('once');
    expect([second.status, await second.json()]).toEqual([200, { id: 'job/digest-once', created: false }]);
    const followed = new Followed(`${url}${path}`);
    await followed.ended;
    expect(followed.last).toMatchObject({ type: 'done', status: 'completed' });
    expect(followed.offsets).toEqual(wholeLog(followed.last?.offset ?? 0));
    const seen = await fetch(`${url}${path}/stream`, {
      headers: { 'last-event-id': String(followed.last?.offset) },
    });
    expect(seen.status).toBe(204);
    const job = await jsonOf<JobView>('/api/jobs/job/digest-once');
    expect(job).toMatchObject({ id: 'job/digest-once', status: 'completed', error: null });
    expect(await jsonOf<JobView>('/api/jobs/job%2Fdigest-once')).toEqual(job);
    const listed = await jsonOf<JobView[]>('/api/jobs?kind=digest&status=completed');
    expect(listed.map(({ id }) => id)).toContain('job/digest-once');
    expect(await jsonOf('/api/jobs?status=failed')).toEqual([]);
  }, 90_000);

  it('give their artifacts whole, in parts, and only once to those who keep them', async () => {
    const path = await madeDigest('files');
    const { artifacts } = await jsonOf<JobView>(path);
    const [markdown] = artifacts;
    expect(artifacts.map(({ name }) => name)).toEqual(['digest.md', 'digest.html', 'digest.json']);
    const file = `${url}${path}/artifacts/digest.md`;
    const whole = await fetch(file);
    const text = await whole.text();
    expect(text).toContain('# Digest');
    expect(whole.headers.get('content-type')).toBe(markdown?.mediaType);
    expect(whole.headers.get('content-length')).toBe(String(markdown?.bytes));
    const part = await fetch(file, { headers: { range: 'bytes=2-7' } });
    expect([part.status, await part.text()]).toEqual([206, text.slice(2, 8)]);
    expect(part.headers.get('content-range')).toBe(`bytes 2-7/${markdown?.bytes}`);
    const beyond = await fetch(file, { headers: { range: 'bytes=9999999-' } });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${markdown?.bytes}`]);
    const etag = whole.headers.get('etag') ?? '';
    expect((await fetch(file, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const changed = await fetch(file, { headers: { range: 'bytes=0-1', 'if-range': '"other"' } });
    expect([changed.status, await changed.text()]).toEqual([200, text]);
    const head = await fetch(file, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(markdown?.bytes)]);
    const html = await fetch(`${url}${path}/artifacts/digest.html`);
    expect(html.headers.get('content-type')).toMatch(/^text\/html/);
    expect(html.headers.get('content-security-policy')).toMatch(/^sandbox;/);
    await html.body?.cancel();
  }, 90_000);

  it('give nothing but their artifacts', async () => {
    const path = await madeDigest('secret');
    const folder = join(cluster.dataDir, 'jobs', 'digest-secret', 'artifacts');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'other.txt'), 'not announced');
    await symlink(cluster.configPath, join(folder, 'link.txt'));
    const names = [
      'other.txt',
      'link.txt',
      '..%2F..%2F..%2Fholdfast.db',
      '%2Fetc%2Fpasswd',
      '..',
      '%2e%2e',
      'no.md',
    ];
    for (const name of names) {
      const raw = await askRaw(`${url}${path}/artifacts/${name}`);
      await raw.ended;
      expect([name, raw.status >= 400 && raw.status < 500]).toEqual([name, true]);
      expect(raw.text()).not.toContain('not announced');
    }
  }, 90_000);

  it('are cancelled, and tell it', async () => {
    llm.usual = { kind: 'tokens', tokens: Array.from({ length: 300 }, () => 'word '), pauseMs: 100 };
    const path = (await digest('long', { summarizer: 'llm' })).headers.get('location') ?? '';
    const followed = new Followed(`${url}${path}`);
    await until(() => followed.events.some(({ type }) => type === 'progress'), 30_000, 'progress');
    expect(await (await post(`${path}/cancel`, {})).json()).toEqual({
      id: 'job/digest-long',
      cancelled: true,
    });
    await followed.ended;
    expect(followed.last).toMatchObject({ type: 'done', status: 'cancelled', origin: 'server' });
    // Its last word is said a moment before its workflow is closed.
    await cluster.client.workflow.getHandle('job/digest-long').result();
    const again = await fetch(`${url}${path}`, { method: 'DELETE' });
    expect(await again.json()).toEqual({ id: 'job/digest-long', cancelled: false });
  }, 90_000);

  it('say what is wrong with a request, and what they do not know', async () => {
    const wrong = await post('/api/jobs', { kind: 'digest', params: { topic: 'x', period: 'soon' } });
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({
      error: { code: 'invalid_input', message: expect.stringContaining('period') as unknown },
    });
    expect((await post('/api/jobs', { kind: 'poem' })).status).toBe(400);
    const paths = ['/api/jobs/none', '/api/jobs/none/stream', '/api/jobs/none/artifacts/a.md'];
    const statuses = await Promise.all(paths.map(async (path) => (await fetch(`${url}${path}`)).status));
    expect(statuses).toEqual([404, 404, 404]);
    expect((await post('/api/jobs/none/cancel', {})).status).toBe(404);
  }, 60_000);

  it('are seen in the live events beside everything else', async () => {
    const raw = await askRaw(`${url}/api/events`);
    await until(() => raw.text().includes('"instances"'), 20_000, 'the beginning');
    await madeDigest('live');
    await until(
      () =>
        messagesIn(raw.text()).some(({ data }) => {
          const job = data['job'] as JobView | undefined;
          return data.type === 'job' && job?.id === 'job/digest-live' && job.status === 'completed';
        }),
      20_000,
      'the job in the events',
    );
    raw.destroy();
  }, 90_000);
});
