#!/usr/bin/env node
// Records histories of real workflows for the replay test. Run it for each release, after the build:
//   node test/replay/record.mjs VERSION
// The files of earlier releases stay: workflows started with them may still be running.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';
import { Cluster, until } from '../../dist/test/support/cluster.js';
import { startLiveSource } from '../../dist/test/support/live-source/index.js';

const [version] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+$/.test(version ?? '')) {
  console.error('usage: node test/replay/record.mjs VERSION, e.g. 0.1.0');
  process.exit(2);
}

const { History } = proto.temporal.api.history.v1;
const cluster = await Cluster.start();
const source = await startLiveSource();
const direct = { kind: 'direct', url: source.urls.ts };

async function stop(handle) {
  await handle.signal('stop');
  await handle.result().catch(() => undefined);
}

/** What only the machine that recorded knows says nothing; it makes the files differ. */
const MACHINE = { identity: 'recorder', stackTrace: '' };

async function save(name, workflowId) {
  const fetched = await cluster.client.workflow.getHandle(workflowId).fetchHistory();
  const history = History.toObject(fetched, { longs: String, enums: String, bytes: String });
  const file = fileURLToPath(new URL(`./histories/${version}-${name}.json`, import.meta.url));
  const text = JSON.stringify(history, (key, value) => MACHINE[key] ?? value, 1);
  writeFileSync(file, `${text}\n`);
  console.log(`${name}: ${history.events.length} events`);
}

/** What is recorded: every path of the loop, and every message. */
const scenarios = {
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
  'stream-failed': async (id) => {
    const resolver = { kind: 'command', argv: ['/nonexistent/program'] };
    const handle = await cluster.startStream({ id, resolver });
    await handle.result().catch(() => undefined);
  },
};

try {
  await cluster.startWorker();
  for (const [name, play] of Object.entries(scenarios)) {
    await play(name);
    await save(name, `stream/${name}`);
  }
} finally {
  await cluster.close();
  await source.close();
}
