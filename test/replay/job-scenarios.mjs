// What is recorded of jobs for the replay test: every way in which a job ends or waits, and a stream whose shows are finalized.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../dist/test/support/cluster.js';

const JOB_TIMEOUT_MS = 60_000;
/** At this length at the latest a new history is begun. */
const HISTORY_EVENTS = 3_500;
/** Half of what a server keeps while the workflow decides. */
const MESSAGES_AT_ONCE = 50;
/** Longer than a stream of these scenarios waits for its connection. */
const SOURCE_AWAY_MS = 8_000;
/** Reports that the next execution still has to tell. */
const REPORTS_CARRIED = 20;

/** An endpoint for digests that does what the server of feeds is told to do. */
export function jobsConfig(feeds) {
  return { llm: { base_url: feeds.url('llm'), model: 'recorded', timeout: '30s' } };
}

/** Scenarios by name; each plays a job, or a stream, of its name to its end. `host` has the worker that fetches, and that of the device host. */
export function jobScenarios(cluster, host, feeds, source) {
  const tools = toolsOf(cluster, host, feeds, source);
  return {
    'job-completed': (name) => completed(tools, name),
    'job-finalized': (name) => finalized(tools, name),
    'job-retried': (name) => retried(tools, name),
    'job-failed': (name) => failed(tools, name),
    'job-cancelled': (name) => cancelled(tools, name),
    'job-invalid': (name) => invalid(tools, name),
    'job-host-lost': (name) => hostLost(tools, name),
    'job-continued': (name) => continued(tools, name),
    'stream-finalized': (name) => shows(tools, name),
  };
}

function toolsOf(cluster, host, feeds, source) {
  const start = (type, id, entry) =>
    cluster.client.workflow.start(type, {
      workflowId: `${type}/${id}`,
      taskQueue: 'holdfast',
      args: [{ id, ...entry }],
    });
  const recording = async (id, more) => {
    const resolver = { kind: 'direct', url: source.urls.ts };
    return await cluster.startStream({ id, resolver, record: { segment: '1s' }, ...more });
  };
  return {
    cluster,
    host,
    feeds,
    source,
    recording,
    begin: (id, entry) => start('job', id, entry),
    digest: (id, params) =>
      start('job', id, { kind: 'digest', params: { topic: 'news', period: '1h', ...params } }),
    collected: async (id) => {
      feeds.answer.how = 'good';
      const handle = await start('source', id, { url: feeds.url(id), allow_private: true });
      await until(
        async () => /^next fetch/.test((await cluster.status(`source/${id}`)).detail),
        JOB_TIMEOUT_MS,
        `items of ${id}`,
      );
      await handle.signal('stop');
      await handle.result();
    },
    recorded: async (id) => {
      const handle = await recording(id, {});
      await until(
        async () => (await cluster.manifest(`stream/${id}`)).length >= 3,
        JOB_TIMEOUT_MS,
        `a recording of ${id}`,
      );
      await handle.signal('stop');
      await handle.result();
      const [{ start: from }] = await cluster.manifest(`stream/${id}`);
      return { recording: `stream/${id}`, from, to: new Date(Date.parse(from) + 2_000).toISOString() };
    },
    untilSaid: (id, words) =>
      until(
        async () => {
          const { events } = await cluster.client.workflow.getHandle(`job/${id}`).query('events', 0);
          return events.some(({ body }) => body.type === 'status' && body.message === words);
        },
        JOB_TIMEOUT_MS,
        `${id} to say ${words}`,
      ),
    untilAsked: async () => {
      const before = feeds.asked;
      await until(() => feeds.asked > before, JOB_TIMEOUT_MS, 'a request');
    },
    untilJobs: (stream, count) =>
      until(
        async () => (await finalizeJobsOf(cluster, stream)).length >= count,
        JOB_TIMEOUT_MS,
        `${count} jobs of ${stream}`,
      ),
  };
}

/** Jobs that a stream has started by itself. */
async function finalizeJobsOf(cluster, stream) {
  const { events } = await cluster.client.workflow.getHandle(`stream/${stream}`).fetchHistory();
  return events.filter(({ childWorkflowExecutionStartedEventAttributes: started }) => started);
}

async function completed({ collected, digest }, id) {
  await collected(id);
  await (await digest(id, {})).result();
}

/** The host is chosen by who answers. */
async function finalized({ recorded, begin }, id) {
  const { recording } = await recorded(id);
  await (await begin(id, { kind: 'finalize', params: { recording } })).result();
}

async function retried({ feeds, collected, digest }, id) {
  await collected(id);
  feeds.answer.how = 'reset';
  await (await digest(id, { summarizer: 'llm', on_llm_failure: 'extractive' })).result();
  feeds.answer.how = 'good';
}

async function failed({ cluster, begin }, id) {
  const params = {
    recording: 'stream/nobody',
    from: '2026-03-04T05:06:07Z',
    to: '2026-03-04T05:06:17Z',
  };
  const handle = await begin(id, { kind: 'clip', host: cluster.host, params });
  await handle.result().catch(() => undefined);
}

async function cancelled({ feeds, collected, digest, untilAsked }, id) {
  await collected(id);
  feeds.answer.how = 'held';
  const asked = untilAsked();
  const handle = await digest(id, { summarizer: 'llm' });
  await asked;
  await handle.signal('cancel');
  await handle.result();
  feeds.answer.how = 'good';
}

async function invalid({ digest }, id) {
  const handle = await digest(id, { period: 'yesterday' });
  await handle.result().catch(() => undefined);
}

async function hostLost({ cluster, host, recorded, begin, untilSaid }, id) {
  const params = await recorded(id);
  await host.worker.end('SIGKILL');
  const handle = await begin(id, { kind: 'clip', host: cluster.host, params });
  await untilSaid(id, `waiting for host ${cluster.host}`);
  host.worker = await cluster.startWorker('device');
  await handle.result();
}

async function continued({ cluster, host, collected, digest, untilSaid }, id) {
  await collected(id);
  await host.fetcher.end('SIGKILL');
  const handle = await digest(id, {});
  await untilSaid(id, 'waiting for a fetcher');
  for (let number = 1; number <= REPORTS_CARRIED; number += 1) {
    const entries = [{ type: 'log', level: 'info', message: `report ${number}` }];
    await handle.signal('jobReport', { step: 'select', attempt: 0, host: cluster.host, number, entries });
  }
  while ((await handle.describe()).historyLength <= HISTORY_EVENTS) {
    await Promise.all(Array.from({ length: MESSAGES_AT_ONCE }, () => handle.signal('jobReport')));
    // It is answered when the messages have been read.
    await cluster.status(`job/${id}`);
  }
  host.fetcher = await cluster.startWorker('fetch');
  await handle.result();
}

/** One show ends by itself, the other because the stream is stopped. */
async function shows({ cluster, source, recording, untilJobs }, id) {
  const flag = join(cluster.folder, `${id}.url`);
  const argv = ['sh', '-c', 'if [ -e "$0" ]; then cat "$0"; fi', flag];
  const begin = () => writeFileSync(flag, `${source.urls.ts}\n`);
  begin();
  const handle = await recording(id, {
    resolver: { kind: 'command', argv },
    watch: true,
    poll: { min: 1, max: 2, recheck: 1 },
    recovery: { quick_retries: 1, connection_wait: '1s' },
    finalize: true,
  });
  await cluster.untilState(`stream/${id}`, 'running', JOB_TIMEOUT_MS);
  rmSync(flag);
  await source.refuse(SOURCE_AWAY_MS);
  await untilJobs(id, 1);
  begin();
  await cluster.untilState(`stream/${id}`, 'running', JOB_TIMEOUT_MS);
  await handle.signal('stop');
  await handle.result();
}
