/**
 * Goal: a crowd that follows one job, and many jobs at once, cost Temporal what the jobs cost and not what the clients cost; everybody
 * sees everything, and the gateway is afterwards what it was before.
 * Method: the real programs as processes of their own with their default limits, clients on sockets of their own, half of them with
 * our library and half with nothing but HTTP; the calls to Temporal are counted where they leave the gateway.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, fetch as undiciFetch } from 'undici';
import type { JobView } from '../../core/jobs/view.js';
import { eachConcurrently } from '../../client/library/each-concurrently.js';
import { until } from '../support/cluster.js';
import { Followed, wholeLog } from '../support/followed.js';
import { JobSite } from '../support/job-site.js';
import { callsBetween, type Observation } from '../support/observed-process.js';
import { askRaw, messagesIn, type RawStream } from '../support/raw-stream.js';

/** Of each sort; together 500. */
const CLIENTS_OF_A_SORT = 250;
const JOBS = 100;
const TOKENS = Array.from({ length: 20 }, (_, index) => `word${index} `);
/** A gateway asks twice a second; what else it asks of a job it asks once: at its start, at its end, when it first hears of it. */
const READS_A_SECOND = 2;
const READS_ASIDE = 10;
/** Code that was compiled meanwhile and the like. 500 clients hold 4 MiB while they are there. */
const GROWTH_BYTES_MAX = 3 * 1_024 * 1_024;

let site: JobSite;

beforeAll(async () => {
  site = await JobSite.start();
  site.llm.usual = { kind: 'tokens', tokens: TOKENS, pauseMs: 100 };
}, 120_000);

afterAll(async () => {
  await site.close();
}, 60_000);

interface Crowd {
  readonly followed: readonly Followed[];
  readonly raw: readonly RawStream[];
  /** Holds the connections of those that use the library. */
  readonly agent: Agent;
}

async function gather(job: string, clientsOfASort: number): Promise<Crowd> {
  const count = { length: clientsOfASort };
  const agent = new Agent();
  const followed = Array.from(count, () => new Followed(job, { fetch: fetchThrough(agent) }));
  return { agent, followed, raw: await Promise.all(Array.from(count, () => askRaw(`${job}/stream`))) };
}

/** The usual `fetch`, with connections that are closed when the test says so. */
function fetchThrough(dispatcher: Agent): typeof fetch {
  return ((input: string, init: RequestInit) =>
    undiciFetch(input, { ...(init as object), dispatcher })) as typeof fetch;
}

/** Every client has seen every event once and in order, up to the same good end. */
async function expectAllWhole({ followed, raw, agent }: Crowd): Promise<void> {
  await Promise.all(followed.map(({ ended }) => ended));
  const ends = await Promise.all(raw.map(({ ended }) => ended));
  const log = wholeLog(followed[0]?.last?.offset ?? 0);
  expect(log.length).toBeGreaterThan(10);
  const seen = [
    ...followed.map(({ events }) => events.map(({ offset, type }) => ({ offset, type }))),
    ...raw.map((stream) =>
      messagesIn(stream.text()).map(({ id, data }) => ({ offset: id, type: data.type })),
    ),
  ];
  expect(seen.map((events) => events.map(({ offset }) => offset))).toEqual(seen.map(() => log));
  expect(seen.map((events) => events.at(-1)?.type)).toEqual(seen.map(() => 'done'));
  expect(followed.map(({ last }) => last)).toEqual(
    followed.map(() => expect.objectContaining({ status: 'completed', origin: 'server' }) as unknown),
  );
  expect(ends).toEqual(raw.map(() => 'end'));
  await agent.close();
}

/** The gateway once it holds no more descriptors than before. */
async function untilLetGo(descriptors: number): Promise<Observation> {
  let now = await site.observeGateway();
  await until(
    async () => {
      now = await site.observeGateway();
      return now.descriptors <= descriptors;
    },
    30_000,
    () => `${descriptors} descriptors; there are ${now.descriptors}`,
  );
  return await site.observeGateway('collect');
}

/** A job is read on for a moment after its last client went. */
const LINGER_MS = 6_000;

describe('500 clients of one job', () => {
  it('all see all of it, for the reads of one, and leave nothing behind', async () => {
    const rehearsal = await gather(await site.startDigest('llm', 1), 10);
    await expectAllWhole(rehearsal);
    await sleep(LINGER_MS);
    const before = await site.observeGateway('collect');

    const startedMs = performance.now();
    const crowd = await gather(await site.startDigest('llm'), CLIENTS_OF_A_SORT);
    const atPeak = await site.observeGateway('collect');
    await expectAllWhole(crowd);
    const seconds = (performance.now() - startedMs) / 1_000;
    const atEnd = await site.observeGateway();

    // They were there all at once, each on a socket of its own.
    expect(atPeak.descriptors - before.descriptors).toBeGreaterThanOrEqual(2 * CLIENTS_OF_A_SORT);
    expect(callsBetween(before, atEnd)).toBeLessThanOrEqual(seconds * READS_A_SECOND + READS_ASIDE);
    expect(callsBetween(before, atEnd)).toBeGreaterThan(5);

    await sleep(LINGER_MS);
    const after = await untilLetGo(before.descriptors);
    expect(after.usedBytes - before.usedBytes).toBeLessThan(GROWTH_BYTES_MAX);
  }, 180_000);

  it('may all ask for the job beside its stream without a read of Temporal for each', async () => {
    const job = await site.startDigest('llm');
    const followed = new Followed(job);
    await until(
      () => followed.events.some(({ type }) => type === 'progress'),
      30_000,
      'the job to be at work',
    );
    const before = await site.observeGateway();
    const startedMs = performance.now();
    const views = await Promise.all(
      Array.from({ length: 200 }, async () => (await (await fetch(job)).json()) as JobView),
    );
    const seconds = (performance.now() - startedMs) / 1_000;
    const after = await site.observeGateway();
    expect(views.map(({ status }) => status)).toEqual(views.map(() => 'running'));
    expect(callsBetween(before, after)).toBeLessThanOrEqual(seconds * READS_A_SECOND + READS_ASIDE);
    await followed.ended;
    expect(((await (await fetch(job)).json()) as JobView).status).toBe('completed');
  }, 120_000);
});

describe('100 jobs at once', () => {
  it('all complete, each followed to its end', async () => {
    const before = await site.observeGateway('collect');
    const followed: Followed[] = [];
    const agent = new Agent();
    const starts = Array.from({ length: JOBS }, (_, index) => index);
    const startedMs = performance.now();
    await eachConcurrently(starts, 8, async () => {
      followed.push(new Followed(await site.startDigest('extractive'), { fetch: fetchThrough(agent) }));
    });
    await Promise.all(followed.map(({ ended }) => ended));
    const seconds = (performance.now() - startedMs) / 1_000;
    const atEnd = await site.observeGateway();
    expect(callsBetween(before, atEnd)).toBeLessThanOrEqual(JOBS * (seconds * READS_A_SECOND + READS_ASIDE));
    expect(followed.map(({ last }) => last)).toEqual(
      followed.map(
        () => expect.objectContaining({ type: 'done', status: 'completed', origin: 'server' }) as unknown,
      ),
    );
    expect(followed.map(({ offsets }) => offsets)).toEqual(
      followed.map(({ last }) => wholeLog(last?.offset ?? 0)),
    );
    expect(followed.flatMap(({ codes }) => codes)).toEqual([]);
    await agent.close();
    await sleep(LINGER_MS);
    const after = await untilLetGo(before.descriptors);
    expect(after.usedBytes - before.usedBytes).toBeLessThan(GROWTH_BYTES_MAX);
  }, 180_000);
});
