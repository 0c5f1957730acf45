/**
 * Goal: who follows a job sees all of it, each event once, whatever is killed meanwhile, and is told what happened in words
 * that help.
 * Method: the real programs as processes of their own, PostgreSQL as the store, and an endpoint that writes slowly; one after the
 * other is killed with SIGKILL while a digest is followed through the gateway.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FollowOptions } from '../../client/follow/index.js';
import { Cluster, until, WorkerProcess } from '../support/cluster.js';
import { FeedServer } from '../support/feed-server.js';
import { Followed, wholeLog } from '../support/followed.js';
import { LlmServer } from '../support/llm-server.js';
import { startPostgres, type PostgresServer } from '../support/postgres.js';
import { startSource } from '../support/source-cluster.js';

const FOLLOW: FollowOptions = { reconnectDelayMs: () => 500 };
/** Each story takes three seconds to write. */
const TOKENS = Array.from({ length: 30 }, (_, index) => `word${index} `);
const PAUSE_MS = 100;
const END_MS = 100_000;

let cluster: Cluster;
let feeds: FeedServer;
let llm: LlmServer;
let postgres: PostgresServer;
let worker: WorkerProcess;
let gateway: WorkerProcess;
let url: string;

beforeAll(async () => {
  [feeds, llm, postgres] = await Promise.all([FeedServer.start(), LlmServer.start(), startPostgres()]);
  llm.usual = { kind: 'tokens', tokens: TOKENS, pauseMs: PAUSE_MS };
  cluster = await Cluster.start({
    config: {
      store: await postgres.createDatabase('jobs'),
      jobs: { llm: { base_url: llm.baseUrl, model: 'small' } },
    },
  });
  worker = await cluster.startWorker('orchestrator,fetch');
  feeds.feed('bridges').items = ['bridge-north', 'bridge-south'];
  await startSource(cluster, { id: 'bridges', url: feeds.url('bridges'), every: '1h' });
  await cluster.untilState('source/bridges', 'running');
  gateway = await startGateway('127.0.0.1:0');
}, 180_000);

afterAll(async () => {
  await gateway.end('SIGKILL');
  await cluster.close();
  await Promise.all([feeds.close(), llm.close(), postgres.stop()]);
}, 60_000);

async function startGateway(listen: string): Promise<WorkerProcess> {
  const to = ['--address', cluster.server.address, '--listen', listen];
  const started = new WorkerProcess(['gateway', '-c', cluster.configPath, ...to], cluster.folder);
  const served = (): string | undefined => /gateway\s+(http:\S+)/.exec(started.output)?.[1];
  await until(() => served() !== undefined || started.child.exitCode !== null, 30_000, 'the gateway');
  url = served() ?? '';
  if (url === '') throw new Error(`the gateway ended:\n${started.output}`);
  return started;
}

/** Asks for a digest over HTTP and follows it; resolves once its text is being written. */
async function followDigest(key: string): Promise<Followed> {
  const response = await fetch(`${url}/api/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      kind: 'digest',
      key,
      params: { topic: 'bridge*', period: '24h', summarizer: 'llm' },
    }),
  });
  expect(response.status).toBe(201);
  const followed = new Followed(`${url}${response.headers.get('location')}`, FOLLOW);
  await until(
    () => followed.events.some((event) => event.type === 'progress' && (event.text ?? '') !== ''),
    40_000,
    () => `the first words; saw ${JSON.stringify(followed.events.slice(-3))}\n${gateway.output}`,
  );
  return followed;
}

/** Everything of the log, once and in order, up to a good end. */
async function expectWhole(followed: Followed): Promise<void> {
  await Promise.race([followed.ended, sleep(END_MS, undefined, { ref: false })]);
  expect(followed.events.filter((event) => event.type === 'error' && event.fatal)).toEqual([]);
  expect(followed.last).toMatchObject({ type: 'done', status: 'completed', origin: 'server' });
  expect(followed.offsets).toEqual(wholeLog(followed.last?.offset ?? 0));
  expect(followed.events.some((event) => event.type === 'reset')).toBe(false);
  const names = followed.events.flatMap((event) => (event.type === 'artifact' ? [event.name] : []));
  expect(names).toEqual(['digest.md', 'digest.html', 'digest.json']);
}

describe('a job that is followed', () => {
  it('is seen whole although the gateway is killed', async () => {
    const followed = await followDigest('gateway');
    await gateway.end('SIGKILL');
    await until(() => followed.codes.includes('STREAM_CLOSED'), 20_000, 'the closed stream');
    const closed = followed.events.find((event) => event.type === 'error' && event.origin === 'client');
    expect(closed).toMatchObject({
      message: expect.stringMatching(/^Connection closed by server/) as unknown,
    });
    gateway = await startGateway(new URL(url).host);
    await expectWhole(followed);
  }, 180_000);

  it('is seen whole although the worker is killed', async () => {
    const followed = await followDigest('worker');
    await worker.end('SIGKILL');
    await until(() => pollErrors(followed, 'workflow') > 0, 40_000, 'an error of a poll');
    worker = await cluster.startWorker('orchestrator,fetch');
    await expectWhole(followed);
    // The connection was never touched.
    expect(followed.codes).toEqual([]);
  }, 180_000);

  it('is seen whole although the Temporal server falls silent and is killed', async () => {
    const followed = await followDigest('server');
    const server = cluster.server.server.pid();
    // It comes back so fast after its death that nobody would miss it: first it falls silent.
    process.kill(server, 'SIGSTOP');
    await until(() => pollErrors(followed, 'workflow') > 0, 40_000, 'an error of a poll');
    process.kill(server, 'SIGKILL');
    await expectWhole(followed);
    expect(followed.codes).toEqual([]);
  }, 180_000);

  it('is seen whole although PostgreSQL is away for ten seconds, and every line about it has its fields', async () => {
    const followed = await followDigest('postgres');
    await postgres.crash();
    await sleep(10_000);
    expect(pollErrors(followed, 'store')).toBeGreaterThan(0);
    await postgres.start();
    await expectWhole(followed);
    expect(followed.codes).toEqual([]);
    const entries = streamErrors(gateway.output);
    expect(entries.length).toBeGreaterThan(0);
    const lacking = entries.map((entry) => ({ entry, lacks: fieldsMissingIn(entry) }));
    expect(lacking.filter(({ lacks }) => lacks.length > 0)).toEqual([]);
  }, 180_000);
});

/** The entries of the log about errors of streams: a line with the message, and below it the fields, further in. */
function streamErrors(log: string): string[] {
  return log.split(/\n(?=\[)/).filter((entry) => /^\[[^\]]+\] ERROR: \[STREAM_ERROR\] Job /.test(entry));
}

const ENTRY_FIELDS = [
  /^ {4}jobId: "job\/digest-\w+"$/m,
  /^ {4}errorType: "\w+"$/m,
  /^ {4}errorMessage: ".+"$/m,
  /^ {4}stack: ".+"$/m,
  /^ {4}status: "(?:unknown|pending|running|completed)"$/m,
  /^ {4}artifactCount: \d+$/m,
];

function fieldsMissingIn(entry: string): string[] {
  return ENTRY_FIELDS.filter((field) => !field.test(entry)).map(String);
}

/** Errors of polls that the gateway told, none of them fatal. */
function pollErrors(followed: Followed, place: 'workflow' | 'store'): number {
  return followed.events.filter(
    (event) =>
      event.type === 'error' &&
      event.origin === 'server' &&
      event.error_code === 'POLL_ERROR' &&
      !event.fatal &&
      event.details?.['place'] === place,
  ).length;
}
