// What is recorded of captures for the replay test: every path of their branches, and every message.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { processesOf, until } from '../../dist/test/support/cluster.js';

const PICTURE = '-re -f lavfi -i testsrc2=size=320x180:rate=10 -f lavfi -i sine=sample_rate=48000'.split(' ');
const STATE_TIMEOUT_MS = 60_000;
/** At this length at the latest a new history is begun. */
const HISTORY_EVENTS = 3_500;
/** Half of what a server keeps while the workflow decides. */
const MESSAGES_AT_ONCE = 50;

/** Scenarios by name; each plays a capture of its name to its end. `host.worker` is the worker of the device host. */
export function captureScenarios(cluster, host) {
  const tools = toolsOf(cluster, host);
  return {
    'capture-healthy': (name) => healthy(tools, name),
    'capture-losses': (name) => losses(tools, name),
    'capture-signal': (name) => signal(tools, name),
    'capture-signal-held': (name) => signalHeld(tools, name),
    'capture-storage': (name) => storage(tools, name),
    'capture-changes': (name) => changes(tools, name),
    'capture-host-lost': (name) => hostLost(tools, name),
    'capture-failed': (name) => failed(tools, name),
    'capture-continued': (name) => continued(tools, name),
  };
}

function toolsOf(cluster, host) {
  const folder = join(cluster.folder, 'pushed');
  mkdirSync(folder);
  const statusOf = (name) => cluster.status(`capture/${name}`);
  return {
    cluster,
    host,
    statusOf,
    file: (name) => ({ name, kind: 'push', url: `file://${join(folder, `${name}-${Date.now()}.ts`)}` }),
    tape: { name: 'tape', kind: 'record', segment: '2s' },
    entry: (id, more) =>
      cluster.onOwnHub({
        id,
        input: { kind: 'ffmpeg', args: PICTURE },
        encode: { bitrate: '300k', options: { preset: 'ultrafast' } },
        ...more,
      }),
    begin: async (entry) => {
      await cluster.startCapture(entry);
      return cluster.client.workflow.getHandle(`capture/${entry.id}`);
    },
    untilState: (name, state) => cluster.untilState(`capture/${name}`, state, STATE_TIMEOUT_MS),
    untilBranches: (name, holds, what) =>
      until(async () => holds((await statusOf(name)).branches), STATE_TIMEOUT_MS, `${name}: ${what}`),
    stop: async (handle) => {
      await handle.signal('stop');
      await handle.result();
    },
  };
}

const allRun = (branches) => branches.every(({ state }) => state === 'running');
const allWait = (branches) => branches.every(({ state }) => state === 'waiting_host');
const stateOf = (wanted, state) => (branches) => branches.find(({ name }) => name === wanted)?.state === state;

async function healthy({ entry, tape, file, begin, untilBranches, untilState, stop }, id) {
  const handle = await begin(entry(id, { outputs: [tape, file(id)] }));
  await untilBranches(id, allRun, 'to run');
  await handle.signal('pause');
  await untilState(id, 'paused');
  await handle.signal('resume');
  await untilBranches(id, allRun, 'to run again');
  await stop(handle);
}

async function losses({ cluster, entry, tape, file, begin, untilBranches, stop }, id) {
  const refused = { name: 'live', kind: 'push', url: `rtmp://127.0.0.1:${await closedPort()}/live/x` };
  const recovery = { max_retries: 2, retry_delay: '500ms' };
  const handle = await begin(entry(id, { recovery, outputs: [tape, file(id), refused] }));
  await untilBranches(id, stateOf('live', 'error'), 'an output to be given up');
  await handle.signal('retry', 'live');
  await untilBranches(id, stateOf('live', 'retrying'), 'a second life');
  await untilBranches(id, stateOf('live', 'error'), 'the end of the second life');
  await handle.executeUpdate('removeOutput', { args: ['live'] });
  for (const branch of ['ingest', 'tape', id]) {
    const run = new RegExp(`^\\S*ffmpeg .*\\n[^]*capture(/|%2F)${id}(/|%2F)${branch}(/|%2F|\\n|$)`);
    for (const pid of await processesOf(cluster.dataDir, run)) process.kill(pid, 'SIGKILL');
    const again = (branches) => branches.some(({ name, run: number }) => name === branch && number >= 2);
    await untilBranches(id, (branches) => again(branches) && allRun(branches), `${branch} to run again`);
  }
  await stop(handle);
}

/** A capture whose signal is a word in a file. */
function watched({ cluster, entry, tape, file }, id, more) {
  const path = join(cluster.folder, `signal-${id}`);
  const set = (word) => writeFileSync(path, `${word}\n`);
  set('locked');
  const probe = { kind: 'sysfs', path, pattern: 'locked' };
  const input = { kind: 'ffmpeg', args: PICTURE, probe };
  return { set, entry: entry(id, { outputs: [tape, file(id)], ...more, input }) };
}

async function signal(tools, id) {
  const { begin, untilBranches, untilState, stop } = tools;
  const { set, entry } = watched(tools, id, {});
  const handle = await begin(entry);
  await untilBranches(id, allRun, 'to run');
  set('nothing');
  await untilState(id, 'waiting_signal');
  set('locked');
  await untilBranches(id, allRun, 'to run again');
  await handle.signal('hdmiLost');
  await untilState(id, 'waiting_signal');
  await handle.signal('hdmiRestored');
  await untilBranches(id, allRun, 'to run for the third time');
  await stop(handle);
}

async function signalHeld(tools, id) {
  const { begin, untilBranches, untilState, stop } = tools;
  const { set, entry } = watched(tools, id, { recovery: { restart_on_signal: false } });
  const handle = await begin(entry);
  await untilBranches(id, allRun, 'to run');
  set('nothing');
  await untilState(id, 'waiting_signal');
  set('locked');
  await untilBranches(id, ([ingest]) => ingest.detail.includes('resume to go on'), 'the signal to be back');
  await handle.signal('resume');
  await untilBranches(id, allRun, 'to run again');
  await handle.signal('hdmiLost');
  await untilState(id, 'waiting_signal');
  await stop(handle);
}

async function storage({ entry, tape, file, begin, untilBranches, stop }, id) {
  // More than any disk has.
  const full = { ...tape, min_free: '900TB' };
  const handle = await begin(entry(id, { outputs: [full, file(id)] }));
  await untilBranches(id, stateOf('tape', 'stopped'), 'the recording to be stopped');
  await handle.executeUpdate('resumeOutput', { args: ['tape'] });
  await untilBranches(id, stateOf('tape', 'stopped'), 'the recording to be stopped again');
  await handle.executeUpdate('reconfigure', { args: [entry(id, { outputs: [tape, file(id)] })] });
  await untilBranches(id, allRun, 'to run');
  await stop(handle);
}

async function changes({ entry, tape, file, begin, untilBranches, stop }, id) {
  const kept = file(id);
  const handle = await begin(entry(id, { outputs: [kept] }));
  await untilBranches(id, allRun, 'to run');
  await handle.executeUpdate('addOutput', { args: [tape] });
  await handle.executeUpdate('addOutput', { args: [file('second')] });
  await untilBranches(id, (branches) => branches.length === 4 && allRun(branches), 'more outputs');
  await handle.executeUpdate('removeOutput', { args: ['second'] });
  const changed = { outputs: [{ ...tape, segment: '3s' }, kept], encode: { bitrate: '200k' } };
  await handle.executeUpdate('reconfigure', { args: [entry(id, changed)] });
  const taken = ([ingest, ...outputs]) => ingest.run === 2 && outputs.length === 2;
  await untilBranches(id, (branches) => taken(branches) && allRun(branches), 'the new configuration');
  await handle.cancel();
  await handle.result();
}

async function hostLost({ cluster, host, entry, tape, file, begin, untilBranches, stop }, id) {
  const handle = await begin(entry(id, { outputs: [tape, file(id)], heartbeat_timeout: '2s' }));
  await untilBranches(id, allRun, 'to run');
  await host.worker.end('SIGKILL');
  await untilBranches(id, allWait, 'to wait for the host');
  host.worker = await cluster.startWorker('device');
  await untilBranches(id, allRun, 'to run again');
  await stop(handle);
}

async function failed({ entry, begin }, id) {
  const input = { kind: 'ffmpeg', args: ['-i', '/nonexistent/input.ts'] };
  const handle = await begin(entry(id, { input, recovery: { retry_delay: 0 } }));
  await handle.result().catch(() => undefined);
}

async function continued({ cluster, entry, tape, file, begin, untilBranches, stop }, id) {
  const refused = { name: 'live', kind: 'push', url: `rtmp://127.0.0.1:${await closedPort()}/live/x` };
  const patient = { ...refused, recovery: { max_retries: 3, retry_delay: '2m' } };
  const handle = await begin(entry(id, { outputs: [tape, file(id), patient] }));
  const ready = (branches) => stateOf('live', 'retrying')(branches) && stateOf('tape', 'running')(branches);
  await untilBranches(id, ready, 'an output to wait');
  const { runId } = await handle.describe();
  const latest = () => cluster.client.workflow.getHandle(`capture/${id}`).describe();
  for (let now = await latest(); now.runId === runId && now.historyLength <= HISTORY_EVENTS; now = await latest()) {
    await Promise.all(Array.from({ length: MESSAGES_AT_ONCE }, () => handle.signal('retry', 'nobody')));
    // It is answered when the messages have been read.
    await cluster.status(`capture/${id}`);
  }
  await until(async () => (await latest()).runId !== runId, STATE_TIMEOUT_MS, 'the next execution');
  await untilBranches(id, ready, 'the next execution');
  await cluster.client.workflow.getHandle(`capture/${id}`).signal('retry', 'live');
  await untilBranches(id, (branches) => branches.some(({ name, run }) => name === 'live' && run === 2), 'a retry');
  await stop(handle);
}

/** A port where nobody listens. */
async function closedPort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
