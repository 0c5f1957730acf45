/**
 * Goal: commands and routes that are for instances do to a job what makes sense, refuse the rest in words, and take its bare name.
 * Method: the real programs; a job fails for want of a recording, which is then made; another one waits for a host that is not there.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JobView } from '../../core/jobs/index.js';
import { Cluster, until, WorkerProcess } from '../support/cluster.js';
import { freePort } from '../support/free-port.js';
import { startLiveSource, type LiveSource } from '../support/live-source/index.js';
import { askRaw, idsIn, messagesIn } from '../support/raw-stream.js';

const RECORDING = '--set=recording=stream/alice';
const CLIP = ['clip', RECORDING, '--set=from=2026-03-04T05:06:07Z', '--set=to=2026-03-04T05:06:17Z'];

let cluster: Cluster;
let source: LiveSource;
let gateway: WorkerProcess;
let url: string;
/** A job that has failed, and one that waits. */
let failed: JobView;
const waiting = 'job/clip-waiting';

beforeAll(async () => {
  const listen = `127.0.0.1:${await freePort()}`;
  url = `http://${listen}`;
  [cluster, source] = await Promise.all([
    Cluster.start({ config: { gateway: { listen } } }),
    startLiveSource(),
  ]);
  await cluster.startWorker();
  const args = ['gateway', '-c', cluster.configPath, '--address', cluster.server.address];
  gateway = new WorkerProcess(args, cluster.folder);
  await until(
    () => gateway.output.includes(url),
    30_000,
    () => `the gateway: ${gateway.output}`,
  );
  await holdfast('job', 'run', ...CLIP, '--key', 'waiting', '--host', 'nowhere');
  const { exitCode } = await holdfast('job', 'run', 'finalize', RECORDING, '--key', 'k4', '--follow');
  expect(exitCode).toBe(1);
  failed = await job('finalize-k4');
}, 180_000);

afterAll(async () => {
  await gateway.end('SIGKILL');
  await cluster.close();
  await source.close();
}, 60_000);

function holdfast(...args: string[]) {
  return cluster.cli(...args, '-c', cluster.configPath);
}

async function job(name: string): Promise<JobView> {
  return JSON.parse((await holdfast('job', 'show', name, '--json')).stdout) as JobView;
}

async function tell(id: string, message: string, body?: object) {
  const answer = await fetch(`${url}/api/instances/${id}/${message}`, {
    method: 'POST',
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: answer.status, body: await answer.json() };
}

/** What a client is sent that has seen everything up to an event. */
async function streamAfter(lastEventId: number) {
  const raw = await askRaw(`${url}/api/jobs/finalize-k4/stream`, { 'last-event-id': String(lastEventId) });
  await raw.ended;
  return { status: raw.status, ids: idsIn(raw.text()), first: messagesIn(raw.text()).at(0)?.data.type };
}

async function record(): Promise<void> {
  const resolver = { kind: 'direct', url: source.urls.ts };
  const handle = await cluster.startStream({ id: 'alice', resolver, record: { segment: 2 } });
  await until(async () => (await cluster.manifest('stream/alice')).length >= 3, 60_000, 'three segments');
  await handle.signal('stop');
  await handle.result();
}

describe('a job that has failed', () => {
  it('fails again as often as it is retried for the same reason, over HTTP as well', async () => {
    expect(failed).toMatchObject({ status: 'failed', kind: 'finalize' });
    const retried = await tell('job/finalize-k4', 'retry');
    expect(retried).toMatchObject({
      status: 200,
      body: { id: failed.id, startedAgain: true, state: expect.stringMatching(/^(pending|running|failed)$/) },
    });
    // Who had read the former life goes on with this one, and nobody is told that all was read.
    const { ids, first, status } = await streamAfter(failed.lastOffset);
    expect({ first, status }).toEqual({ first: 'status', status: 200 });
    expect(ids).toEqual(ids.map((_, index) => failed.lastOffset + 1 + index));
    expect(await job('finalize-k4')).toMatchObject({
      status: 'failed',
      params: failed.params,
      error: failed.error,
    });
  }, 60_000);

  it('is made when it is retried once nothing is in its way, with what it was asked for with', async () => {
    await record();
    const before = await job('finalize-k4');
    const { exitCode, stdout } = await holdfast('retry', failed.id);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^job\/finalize-k4: (pending|running|completed) \(started again\)$/);
    const watched = await holdfast('watch', 'finalize-k4');
    expect(watched).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^job\/finalize-k4\nstate +completed$/m),
      stderr: expect.stringMatching(/started again.*completed$/s),
    });
    expect(watched.stdout + watched.stderr).not.toContain('undefined');
    const { params, createdAt } = failed;
    const after = await job('finalize-k4');
    expect(after).toMatchObject({ status: 'completed', params, createdAt, error: null });
    expect(after.firstOffset).toBe(before.lastOffset + 1);
    expect(after.artifacts.map(({ name }) => name)).toContainEqual(expect.stringMatching(/\.mp4$/));
    const early = await streamAfter(1);
    expect(early.first).toBe('reset');
    expect(early.ids).toEqual(early.ids.map((_, index) => before.lastOffset + index));
  }, 150_000);

  it('is not made twice: one that has completed is refused in words', async () => {
    const words = 'job/finalize-k4 has completed; ask for it again with another key';
    expect(await holdfast('retry', 'finalize-k4')).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: `error: ${words}`,
    });
    expect(await tell('finalize-k4', 'retry')).toEqual({
      status: 422,
      body: { error: { code: 'rejected', message: words } },
    });
    expect(await holdfast('stop', 'finalize-k4')).toMatchObject({
      exitCode: 0,
      stdout: 'job/finalize-k4: was not running any more (completed)',
    });
  }, 60_000);
});

describe('a job that is not over', () => {
  it.each([
    ['pause', ['pause', waiting]],
    ['resume', ['resume', 'clip-waiting']],
    ['hdmiLost', ['signal', waiting, 'hdmiLost']],
    ['hdmiRestored', ['signal', 'clip-waiting', 'hdmiRestored']],
    ['fetchNow', ['signal', waiting, 'fetchNow']],
    ['resetBreaker', ['signal', waiting, 'resetBreaker']],
  ])(
    'takes no %s, and says so',
    async (message, command) => {
      const words = `job/clip-waiting is a job, which takes no ${message}; \`holdfast stop job/clip-waiting\` ends it, \`holdfast watch job/clip-waiting\` follows it`;
      expect(await holdfast(...command)).toMatchObject({
        exitCode: 1,
        stdout: '',
        stderr: `error: ${words}`,
      });
      const refusal = { status: 422, body: { error: { code: 'rejected', message: words } } };
      const isPlain = message === 'pause' || message === 'resume';
      for (const id of [waiting, 'job%2Fclip-waiting', 'clip-waiting']) {
        expect(await (isPlain ? tell(id, message) : tell(id, 'signal', { name: message }))).toEqual(refusal);
      }
    },
    60_000,
  );

  it('is not retried, and says so', async () => {
    const { exitCode, stderr } = await holdfast('retry', waiting);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: `error: ${waiting} is not over: a step that fails is tried again by itself; \`holdfast stop ${waiting}\` ends it`,
    });
    expect(await tell(waiting, 'retry')).toMatchObject({
      status: 422,
      body: { error: { code: 'rejected' } },
    });
  }, 60_000);

  it('is shown by its bare name as by its id, where no instance has that name', async () => {
    expect(await holdfast('show', 'clip-waiting')).toEqual(await holdfast('job', 'show', 'clip-waiting'));
    expect((await holdfast('show', 'clip-waiting')).stdout).toMatch(/^job\/clip-waiting\nstate +pending$/m);
    const answer = await fetch(`${url}/api/instances/clip-waiting`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      error: { message: expect.stringMatching(/^job\/clip-waiting is a job and no instance: /) },
    });
  }, 60_000);

  it('is followed by watch until it is cancelled by stop with its bare name, and can then be retried', async () => {
    const watching = holdfast('watch', waiting, '--json');
    const { exitCode, stdout } = await holdfast('stop', 'clip-waiting', '--wait');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^job\/clip-waiting: (pending \(cancelling\)|cancelled)\n\{/);
    const watched = await watching;
    const told = watched.stdout
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; status?: string });
    expect(told.at(-1)).toMatchObject({ type: 'done', status: 'cancelled' });
    expect(watched.exitCode).toBe(0);
    expect(await tell('clip-waiting', 'retry')).toMatchObject({
      body: { startedAgain: true, state: 'pending' },
    });
    expect(await tell(waiting, 'stop', { wait: true })).toMatchObject({
      status: 200,
      body: { id: waiting, state: 'cancelled', summary: { status: 'cancelled' } },
    });
  }, 90_000);
});

describe('a name', () => {
  it('of an instance and a job is that of the instance', async () => {
    const resolver = { kind: 'direct', url: source.urls.ts };
    const handle = await cluster.startStream({
      id: 'clip-waiting',
      resolver,
      watch: true,
      record: { segment: 2 },
    });
    await cluster.untilState('stream/clip-waiting', 'running');
    const shown = JSON.parse((await holdfast('show', 'clip-waiting', '--json')).stdout) as { id: string };
    expect(shown.id).toBe('stream/clip-waiting');
    expect((await holdfast('stop', 'clip-waiting', '--wait')).stdout).toMatch(/^stream\/clip-waiting: /);
    await handle.result();
  }, 90_000);

  it('that nobody has is told with what is near, and where to look for the others', async () => {
    expect((await holdfast('show', 'finalize-k5')).stderr).toBe(
      'error: no instance or job finalize-k5; did you mean job/finalize-k4?',
    );
    for (const command of ['show', 'stop', 'watch']) {
      const { exitCode, stderr } = await holdfast(command, 'nothing-of-that-kind');
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr:
          'error: no instance or job nothing-of-that-kind; `holdfast list` shows the instances there are, `holdfast job list` the jobs',
      });
    }
    for (const command of ['show', 'retry', 'watch']) {
      const { exitCode, stderr } = await holdfast(command, 'job/nothing-of-that-kind');
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr: 'error: no job job/nothing-of-that-kind; `holdfast job list` shows those there are',
      });
    }
  }, 90_000);
});
