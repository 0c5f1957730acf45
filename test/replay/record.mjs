#!/usr/bin/env node
// Records histories of real workflows for the replay test. Run it for each release, after the build:
//   node test/replay/record.mjs VERSION [SCENARIO...]
// Without scenarios all of them; a part of a name stands for every scenario that has it, e.g. `capture`.
// The files of earlier releases stay: workflows started with them may still be running.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import proto from '@temporalio/proto';
import { Cluster, until } from '../../dist/test/support/cluster.js';
import { startLiveSource } from '../../dist/test/support/live-source/index.js';
import { captureScenarios } from './capture-scenarios.mjs';
import { jobsConfig, jobScenarios } from './job-scenarios.mjs';
import { sourceScenarios, startFeeds } from './source-scenarios.mjs';

const [version, ...wanted] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+$/.test(version ?? '')) {
  console.error('usage: node test/replay/record.mjs VERSION [SCENARIO...], e.g. 0.1.0 capture-signal');
  process.exit(2);
}

const { History } = proto.temporal.api.history.v1;
const cluster = await Cluster.start();
const [source, feeds] = await Promise.all([startLiveSource(), startFeeds()]);
await cluster.configure({ jobs: jobsConfig(feeds) });
const direct = { kind: 'direct', url: source.urls.ts };

async function stop(handle) {
  await handle.signal('stop');
  await handle.result().catch(() => undefined);
}

/** What only the machine that recorded knows says nothing; it makes the files differ. */
const MACHINE = { identity: 'recorder', stackTrace: '' };

/** Longer texts are kept compressed. */
const TEXT_MAX = 500_000;

async function save(name, workflowId, runId) {
  const fetched = await cluster.client.workflow.getHandle(workflowId, runId).fetchHistory();
  const history = History.toObject(fetched, { longs: String, enums: String, bytes: String });
  const file = fileURLToPath(new URL(`./histories/${version}-${name}.json`, import.meta.url));
  const text = `${JSON.stringify(history, (key, value) => MACHINE[key] ?? value, 1)}\n`;
  if (text.length > TEXT_MAX) writeFileSync(`${file}.gz`, gzipSync(text));
  else writeFileSync(file, text);
  console.log(`${name}: ${history.events.length} events`);
}

async function untilRuns(id, run) {
  const isThere = async () => {
    const [branch] = (await cluster.status(`stream/${id}`)).branches;
    return branch.run === run && branch.state === 'running';
  };
  await until(isThere, 60_000, `run ${run} of ${id}`);
}

/** What is recorded: every path of the loop, and every message. */
const streamScenarios = {
  'stream-healthy': async (id) => {
    const handle = await cluster.startStream({ id, resolver: direct });
    await cluster.untilState(`stream/${id}`, 'running', 60_000);
    await stop(handle);
  },
  'stream-losses': async (id) => {
    const recovery = { connection_wait: '3s', quick_retries: 2, http_wait: '500ms' };
    const handle = await cluster.startStream({ id, resolver: direct, recovery });
    await cluster.untilState(`stream/${id}`, 'running', 60_000);
    source.rst();
    await until(async () => (await cluster.status(`stream/${id}`)).branches[0].run >= 2, 30_000, 'a retry');
    await cluster.untilState(`stream/${id}`, 'running', 60_000);
    await source.refuse(8_000);
    await cluster.untilState(`stream/${id}`, 'running', 60_000);
    source.failNext('http-503', { count: 3 });
    source.rst();
    await until(async () => (await cluster.status(`stream/${id}`)).incidentCount > 5, 60_000, 'HTTP errors');
    await cluster.untilState(`stream/${id}`, 'running', 60_000);
    await stop(handle);
  },
  'stream-messages': async (id) => {
    const handle = await cluster.startStream({ id, resolver: direct });
    await cluster.untilState(`stream/${id}`, 'running', 60_000);
    await handle.signal('pause');
    await cluster.untilState(`stream/${id}`, 'paused');
    await handle.signal('resume');
    await cluster.untilState(`stream/${id}`, 'running', 60_000);
    const changed = { id, resolver: direct, record: { segment: '5s' } };
    await handle.executeUpdate('reconfigure', { args: [changed] });
    await until(async () => (await cluster.status(`stream/${id}`)).branches[0].run >= 3, 30_000, 'a new run');
    await cluster.untilState(`stream/${id}`, 'running', 60_000);
    await handle.cancel();
    await handle.result();
  },
  'stream-not-live': async (id) => {
    const resolver = { kind: 'command', argv: ['true'] };
    const handle = await cluster.startStream({ id, resolver, watch: true, poll: { min: 1, max: 2 } });
    await cluster.untilState(`stream/${id}`, 'waiting_live');
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    await stop(handle);
  },
  'stream-next-show': async (id) => {
    const flag = join(cluster.folder, `${id}.url`);
    const resolver = { kind: 'command', argv: ['sh', '-c', 'cat "$0" 2>/dev/null || true', flag] };
    writeFileSync(flag, source.urls.ts);
    const handle = await cluster.startStream({ id, resolver, watch: true, poll: { min: 1, max: 2 } });
    await untilRuns(id, 1);
    for (const run of [2, 3]) {
      source.rst();
      await untilRuns(id, run);
    }
    // The last quick retry finds the address gone, and the site names no other: the show is over.
    rmSync(flag);
    source.failNext('http-404');
    source.rst();
    await cluster.untilState(`stream/${id}`, 'waiting_live', 30_000);
    writeFileSync(flag, source.urls.ts);
    await untilRuns(id, 5);
    source.rst();
    await untilRuns(id, 6);
    await stop(handle);
  },
  'stream-failed': async (id) => {
    const resolver = { kind: 'command', argv: ['/nonexistent/program'] };
    const handle = await cluster.startStream({ id, resolver });
    await handle.result().catch(() => undefined);
  },
};

/** The executions of a workflow, oldest first. */
async function executionsOf(workflowId) {
  const query = `WorkflowId = '${workflowId}'`;
  let runs = [];
  // Visibility lags behind a little.
  await until(
    async () => {
      runs = [];
      for await (const run of cluster.client.workflow.list({ query })) runs.push(run);
      return runs.length > 0 && runs.every(({ status }) => status.name !== 'RUNNING');
    },
    20_000,
    `the end of ${workflowId}`,
  );
  return runs.sort((left, right) => left.startTime - right.startTime).map(({ runId }) => runId);
}

const isWanted = (name) => wanted.length === 0 || wanted.some((part) => name.includes(part));

try {
  await cluster.startWorker('orchestrator');
  const host = { fetcher: await cluster.startWorker('fetch'), worker: await cluster.startWorker('device') };
  const all = {
    ...streamScenarios,
    ...captureScenarios(cluster, host),
    ...sourceScenarios(cluster, host, feeds),
    ...jobScenarios(cluster, host, feeds, source),
  };
  for (const [name, play] of Object.entries(all).filter(([name]) => isWanted(name))) {
    await play(name);
    const [kind] = name.split('-');
    const [first, ...later] = await executionsOf(`${kind}/${name}`);
    await save(name, `${kind}/${name}`, first);
    for (const [index, runId] of later.entries()) await save(`${name}-${index + 2}`, `${kind}/${name}`, runId);
  }
} finally {
  await cluster.close();
  await Promise.all([source.close(), feeds.close()]);
}
