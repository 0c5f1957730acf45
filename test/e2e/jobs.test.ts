// Goal: people ask for content on the command line, follow it, and get it; what a stream has recorded becomes one file by itself.
// Method: a real server, a worker process and a real recording; the command line as it is.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { JobView } from '../../core/jobs/index.js';
import { Cluster, until, type WorkerProcess } from '../support/cluster.js';
import { freePort } from '../support/free-port.js';
import { startLiveSource, type LiveSource } from '../support/live-source/index.js';

let cluster: Cluster;
let source: LiveSource;
let worker: WorkerProcess;

beforeAll(async () => {
  const gateway = { listen: `127.0.0.1:${await freePort()}` };
  [cluster, source] = await Promise.all([Cluster.start({ config: { gateway } }), startLiveSource()]);
  worker = await cluster.startWorker();
  const handle = await cluster.startStream({
    id: 'alice',
    resolver: { kind: 'direct', url: source.urls.ts },
    record: { segment: 2 },
    finalize: true,
  });
  await cluster.untilState('stream/alice', 'running');
  await until(
    async () => (await cluster.manifest('stream/alice')).length >= 3,
    40_000,
    'three segments of the show',
  );
  await handle.signal('stop');
  await handle.result();
}, 180_000);

afterAll(async () => {
  await cluster.close();
  await source.close();
}, 60_000);

async function json<Result>(...args: string[]): Promise<Result> {
  const { exitCode, stdout, stderr } = await cluster.cli(...args, '-c', cluster.configPath, '--json');
  if (exitCode !== 0) throw new Error(`holdfast ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
  return JSON.parse(stdout) as Result;
}

async function recordedSpan(): Promise<{ from: string; to: string; seconds: number }> {
  const segments = (await cluster.manifest('stream/alice')).filter(({ type }) => type === 'segment');
  const from = segments.at(0)?.start ?? '';
  const to = segments.at(-1)?.end ?? '';
  return { from, to, seconds: (Date.parse(to) - Date.parse(from)) / 1_000 };
}

async function secondsOf(file: string): Promise<number> {
  const { stdout } = await execa('ffprobe', ['-v', 'error', '-of', 'json', '-show_format', file]);
  return Number((JSON.parse(stdout) as { format: { duration: string } }).format.duration);
}

const clipArgs = async (...more: string[]) => {
  const { from } = await recordedSpan();
  const at = (afterMs: number) => new Date(Date.parse(from) + afterMs).toISOString();
  return [
    'job',
    'run',
    'clip',
    '--set=recording=stream/alice',
    `--set=from=${at(1_000)}`,
    `--set=to=${at(3_000)}`,
    ...more,
  ];
};

describe('jobs on the command line', () => {
  it('a show of a stream with `finalize: true` becomes one MP4 by itself', async () => {
    let job: JobView | undefined;
    await until(
      async () => {
        [job] = await json<JobView[]>('job', 'list', '--kind', 'finalize');
        return job !== undefined && job.endedAt !== null;
      },
      60_000,
      () => `the show to be finalized: ${JSON.stringify(job)}`,
    );
    expect(job).toMatchObject({
      id: expect.stringMatching(/^job\/finalize-alice-\d{8}T\d{6}Z$/),
      status: 'completed',
      error: null,
    });
    const id = job?.id ?? '';
    const saved = await json<{ name: string; file: string }[]>(
      'job',
      'artifacts',
      id,
      '--save',
      cluster.folder,
    );
    const movie = saved.find(({ name }) => name.endsWith('.mp4'));
    const { seconds } = await recordedSpan();
    expect(Math.abs((await secondsOf(movie?.file ?? '')) - seconds)).toBeLessThan(1);
    expect(await json('show', id)).toEqual(await json('job', 'show', id));
    expect(await json('list', '--kind', 'job')).toEqual(await json('job', 'list'));
  }, 120_000);

  it('a clip can be followed to its end, and its artifacts saved', async () => {
    const { exitCode, stdout, stderr } = await cluster.cli(
      ...(await clipArgs('--set', 'reencode=true', '--follow', '--json', '-c', cluster.configPath)),
    );
    expect(stderr).toMatch(/running: cut/);
    expect(stderr).toMatch(/made .*\.mp4 \(video\/mp4/);
    expect(exitCode).toBe(0);
    const job = JSON.parse(stdout) as JobView;
    expect(job).toMatchObject({ kind: 'clip', status: 'completed', params: { reencode: true } });
    const [artifact] = job.artifacts;
    const folder = join(cluster.folder, 'saved');
    await json('job', 'artifacts', job.id, '--save', folder);
    const file = join(folder, artifact?.name ?? '');
    expect((await readFile(file)).length).toBe(artifact?.bytes);
    expect(Math.abs((await secondsOf(file)) - 2)).toBeLessThan(0.2);
  }, 90_000);

  it('the same key is the same job', async () => {
    const args = await clipArgs('--key', 'once');
    const first = await json<{ id: string; created: boolean }>(...args);
    const second = await json<{ id: string; created: boolean }>(...args);
    expect(first).toEqual({ id: 'job/clip-once', created: true });
    expect(second).toEqual({ id: 'job/clip-once', created: false });
  }, 60_000);

  it('what is not valid is refused before anything is started, and ends with status 2', async () => {
    const backwards = await cluster.cli(
      'job',
      'run',
      'clip',
      '--set',
      'recording=alice',
      '-c',
      cluster.configPath,
    );
    expect(backwards.exitCode).toBe(2);
    expect(backwards.stderr).toMatch(/params\.recording: "alice" is not allowed; expected stream\/NAME/);
    expect(backwards.stderr).toMatch(/params\.from: is missing/);
    expect((await cluster.cli('job', 'show', 'nothing', '-c', cluster.configPath)).stderr).toMatch(
      /no job job\/nothing; `holdfast job list` shows/,
    );
  }, 60_000);

  it('a digest of the store is made, also when there is nothing to tell', async () => {
    const job = await json<JobView>(
      'job',
      'run',
      'digest',
      '--set',
      'topic=kelp',
      '--set',
      'period=24h',
      '--follow',
    );
    expect(job.status).toBe('completed');
    expect(job.artifacts.map(({ name }) => name).sort()).toEqual(['digest.html', 'digest.json', 'digest.md']);
  }, 60_000);

  it('a job that was terminated on the server has failed, and its followers hear so', async () => {
    await worker.end('SIGTERM');
    const { id } = await json<{ id: string }>(...(await clipArgs('--key', 'terminated')));
    const pending = await json<JobView>('job', 'show', id);
    expect(pending).toMatchObject({ status: 'pending', kind: 'clip', params: { recording: 'stream/alice' } });
    await cluster.client.workflow.getHandle(id).terminate('by the test');
    worker = await cluster.startWorker();
    const { exitCode, stderr } = await cluster.cli(
      ...(await clipArgs('--key', 'terminated', '--follow', '-c', cluster.configPath)),
    );
    expect(stderr).toMatch(/terminated: the job was terminated by somebody/);
    expect(exitCode).toBe(1);
    expect(await json('job', 'show', id)).toMatchObject({ status: 'failed', error: { cause: 'terminated' } });
  }, 90_000);
});
