/**
 * Goal: every kind of job runs from the command line and over HTTP, and what it makes can be opened by whoever opens such files.
 * Method: a real recording and the items of a real feed; each artifact is fetched over HTTP and read by another program or parser.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { load } from 'cheerio';
import { execa } from 'execa';
import { parseJsonFeed } from 'feedsmith';
import type { JobArtifact, JobView } from '../../core/jobs/index.js';
import { Cluster, until, WorkerProcess } from '../support/cluster.js';
import { FeedServer } from '../support/feed-server.js';
import { Followed } from '../support/followed.js';
import { freePort } from '../support/free-port.js';
import { readJsonFeed } from '../support/json-feed.js';
import { startLiveSource, type LiveSource } from '../support/live-source/index.js';
import { startSource } from '../support/source-cluster.js';

let cluster: Cluster;
let source: LiveSource;
let feeds: FeedServer;
let gateway: WorkerProcess;
let url: string;

beforeAll(async () => {
  const listen = `127.0.0.1:${await freePort()}`;
  url = `http://${listen}`;
  [cluster, source, feeds] = await Promise.all([
    Cluster.start({ config: { gateway: { listen } } }),
    startLiveSource(),
    FeedServer.start(),
  ]);
  await cluster.startWorker();
  gateway = new WorkerProcess(
    ['gateway', '-c', cluster.configPath, '--address', cluster.server.address],
    cluster.folder,
  );
  await until(
    () => gateway.output.includes(url),
    30_000,
    () => `the gateway: ${gateway.output}`,
  );
  await Promise.all([record(), fetchItems()]);
}, 180_000);

afterAll(async () => {
  await gateway.end('SIGKILL');
  await cluster.close();
  await Promise.all([source.close(), feeds.close()]);
}, 60_000);

async function record(): Promise<void> {
  const resolver = { kind: 'direct', url: source.urls.ts };
  const handle = await cluster.startStream({ id: 'alice', resolver, record: { segment: 2 } });
  await until(async () => (await cluster.manifest('stream/alice')).length >= 3, 60_000, 'three segments');
  await handle.signal('stop');
  await handle.result();
}

async function fetchItems(): Promise<void> {
  feeds.feed('bridges').items = ['bridge-north', 'bridge-south'];
  await startSource(cluster, { id: 'bridges', url: feeds.url('bridges'), every: '1h' });
  await cluster.untilState('source/bridges', 'running');
}

type Params = Readonly<Record<string, string>>;

async function paramsOf(kind: string): Promise<Params> {
  if (kind === 'digest') return { topic: 'bridge*', period: '24h' };
  const recording = 'stream/alice';
  if (kind === 'finalize') return { recording };
  const [first] = await cluster.manifest(recording);
  const at = (afterMs: number) => new Date(Date.parse(first?.start ?? '') + afterMs).toISOString();
  return { recording, from: at(500), to: at(3_500) };
}

async function byCommandLine(kind: string, params: Params): Promise<JobView> {
  const sets = Object.entries(params).map(([name, value]) => `--set=${name}=${value}`);
  const args = ['job', 'run', kind, ...sets, '--follow', '--json', '-c', cluster.configPath];
  const { exitCode, stdout, stderr } = await cluster.cli(...args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringMatching(/completed/) });
  return JSON.parse(stdout) as JobView;
}

async function overHttp(kind: string, params: Params): Promise<JobView> {
  const asked = await fetch(`${url}/api/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kind, params }),
  });
  expect(asked.status).toBe(201);
  const path = `${url}${asked.headers.get('location')}`;
  const followed = new Followed(path);
  await followed.ended;
  expect(followed.last).toMatchObject({ type: 'done', status: 'completed' });
  return (await (await fetch(path)).json()) as JobView;
}

/** What ffprobe finds in a file: length, and the kinds, sizes and counted frames of its streams. */
async function probe(file: string) {
  const show = [
    '-count_frames',
    '-show_entries',
    'format=duration:stream=codec_type,width,duration,nb_read_frames',
  ];
  const { stdout } = await execa('ffprobe', ['-v', 'error', '-of', 'json', ...show, file]);
  return JSON.parse(stdout) as {
    format: { duration?: string };
    streams: { codec_type: string; width?: number; duration?: string; nb_read_frames: string }[];
  };
}

const OPENERS: Readonly<Record<string, (content: Buffer, file: string) => Promise<void> | void>> = {
  'video/mp4': async (content, file) => {
    const { format, streams } = await probe(file);
    expect(Number(format.duration)).toBeGreaterThan(2);
    const video = streams.find(({ codec_type: type }) => type === 'video');
    // Of the pictures alone: sound may begin before them and end after them.
    expect(Math.abs(Number(video?.nb_read_frames) - Number(video?.duration) * 25)).toBeLessThanOrEqual(1);
    // Fast start: a player has the index before the first picture.
    expect(content.indexOf('moov')).toBeLessThan(content.indexOf('mdat'));
  },
  'image/jpeg': openPicture,
  'image/png': openPicture,
  'text/html': (content) => {
    const errors: string[] = [];
    const page = load(content.toString(), { onParseError: ({ code }) => errors.push(code) });
    expect(errors).toEqual([]);
    expect(page('article').text()).toMatch(/bridge-north[^]*bridge-south|bridge-south[^]*bridge-north/);
  },
  'application/feed+json': (content) => {
    const feed = readJsonFeed(content.toString());
    expect(parseJsonFeed(content.toString())).toMatchObject({ title: expect.stringContaining('bridge') });
    const ids = feed.items.map(({ id }) => id);
    expect(ids.map((id) => typeof id)).toEqual(['string', 'string']);
    expect(new Set(ids).size).toBe(2);
  },
  'text/markdown': (content) => expect(content.toString()).toMatch(/^# Digest/),
};

async function openPicture(_content: Buffer, file: string): Promise<void> {
  const { streams } = await probe(file);
  expect(streams).toEqual([expect.objectContaining({ codec_type: 'video', nb_read_frames: '1' })]);
  expect(streams[0]?.width).toBeGreaterThan(100);
}

async function open(job: JobView, { name, mediaType, bytes }: JobArtifact): Promise<void> {
  const response = await fetch(`${url}/api/jobs/${job.id}/artifacts/${name}`);
  expect([name, response.status]).toEqual([name, 200]);
  const content = Buffer.from(await response.arrayBuffer());
  expect(content).toHaveLength(bytes);
  const file = join(cluster.folder, name);
  await writeFile(file, content);
  const opener = OPENERS[mediaType.replace(/;.*/, '')];
  if (opener === undefined) throw new Error(`nobody opens ${name}, ${mediaType}`);
  await opener(content, file);
}

const MADE: Readonly<Record<string, readonly RegExp[]>> = {
  digest: [/^digest\.md$/, /^digest\.html$/, /^digest\.json$/],
  finalize: [/\.mp4$/, /^thumbnail\.jpg$/, /^contact-sheet\.jpg$/, /^waveform\.png$/],
  clip: [/\.mp4$/],
};

describe.each([
  ['the command line', byCommandLine],
  ['HTTP', overHttp],
] as const)('from %s', (_way, run) => {
  it.each(Object.keys(MADE))(
    'a %s is made, and all of it opens',
    async (kind) => {
      const job = await run(kind, await paramsOf(kind));
      expect(job).toMatchObject({ kind, status: 'completed', error: null });
      const expected = (MADE[kind] ?? []).map((name) => expect.stringMatching(name));
      expect(job.artifacts.map(({ name }) => name)).toEqual(expected);
      for (const artifact of job.artifacts) await open(job, artifact);
    },
    90_000,
  );
});
