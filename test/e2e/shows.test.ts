// Goal: shows begin and end. Without one a stream stops and says why; with `watch` it waits for the next, which is a new run.
// Method: a program of the user that prints the live URL only while a flag file exists, and sources that end.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Notification } from '../../core/notifications.js';
import { Cluster, until } from '../support/cluster.js';
import { readFrameNumbers, startLiveSource, type LiveSource } from '../support/live-source/index.js';

let cluster: Cluster;
let source: LiveSource;
let folder: string;
let script: string;

beforeAll(async () => {
  [cluster, source, folder] = await Promise.all([
    Cluster.start(),
    startLiveSource({ hls: { secondsPerSegment: 1 } }),
    mkdtemp(join(tmpdir(), 'holdfast-shows-')),
  ]);
  script = join(folder, 'live-url.sh');
  await writeFile(script, '#!/bin/sh\nif [ -e "$1" ]; then cat "$1"; fi\n', { mode: 0o755 });
  await cluster.startWorker();
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await source.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

const flagOf = (name: string) => join(folder, `${name}.url`);
const beginShow = (name: string, url: string) => writeFile(flagOf(name), `${url}\n`);
const endShow = (name: string) => rm(flagOf(name));
const resolverOf = (name: string) => ({ kind: 'command', argv: [script, flagOf(name)] });

async function untilRun(name: string, run: number): Promise<void> {
  await until(
    async () => {
      const [branch] = (await cluster.status(`stream/${name}`)).branches;
      return branch?.run === run && branch.state === 'running';
    },
    30_000,
    `run ${run} of ${name}`,
  );
}

/** Pictures in the files of one run, once the manifest has it: until then its files may get their final names. */
async function framesOf(name: string, run: number): Promise<number> {
  const linesOf = async () =>
    (await cluster.manifest(`stream/${name}`)).filter((line) => line.type === 'segment' && line.run === run);
  await until(async () => (await linesOf()).length > 0, 20_000, `run ${run} of ${name} in the manifest`);
  const frames = await Promise.all(
    (await linesOf()).map(async ({ file = '', frames: noted }) => {
      const numbers = await readFrameNumbers(join(cluster.recordingFolder(`stream/${name}`), file));
      expect(noted).toBe(numbers.length);
      return numbers.length;
    }),
  );
  return frames.reduce((sum, count) => sum + count, 0);
}

async function messagesOf(name: string): Promise<string[]> {
  const about = ({ instance }: Notification) => instance === `stream/${name}`;
  return (await cluster.notifications()).filter(about).map(({ message }) => message);
}

describe('without a show', () => {
  it('a stream that does not watch stops and says why', async () => {
    const handle = await cluster.startStream({ id: 'silent', resolver: resolverOf('silent') });
    expect(await handle.result()).toMatchObject({
      state: 'stopped',
      reason: expect.stringMatching(/^no live URL/),
      runs: 0,
    });
    expect(await messagesOf('silent')).toEqual([]);
  }, 60_000);

  it('an address that answers 404 is no show and no lost connection', async () => {
    const url = `http://127.0.0.1:${source.port}/gone.ts`;
    const handle = await cluster.startStream({ id: 'gone', resolver: { kind: 'direct', url } });
    expect(await handle.result()).toMatchObject({
      state: 'stopped',
      reason: expect.stringMatching(/^no live URL.*404/),
    });
    expect(await messagesOf('gone')).not.toContain('Connection lost, retrying...');
    expect(await cluster.mediaFiles('stream/gone')).toEqual([]);
  }, 60_000);
});

describe('a stream that watches', () => {
  it('records each show as a run of its own and waits in between, however a show ends', async () => {
    const id = 'shows';
    const handle = await cluster.startStream({
      id,
      resolver: resolverOf(id),
      watch: true,
      poll: { min: 1, max: 2, recheck: 1 },
      recovery: { quick_retries: 1, connection_wait: '1s' },
    });
    await cluster.untilState(`stream/${id}`, 'waiting_live');
    expect((await cluster.status(`stream/${id}`)).branches[0]).toMatchObject({ run: 0 });

    // The first show ends as the playlist says: no loss.
    await source.hlsReady(4);
    await beginShow(id, source.urls.hls);
    await untilRun(id, 1);
    await until(async () => (await cluster.mediaFiles(`stream/${id}`)).length > 0, 10_000, 'a first file');
    await endShow(id);
    source.endShow();
    await cluster.untilState(`stream/${id}`, 'waiting_live');
    expect(await framesOf(id, 1)).toBeGreaterThan(25);
    expect(await messagesOf(id)).toEqual([]);

    // The second one only goes away: a lost connection until the site says that there is no show any more.
    const second = await startLiveSource();
    try {
      await beginShow(id, second.urls.ts);
      await untilRun(id, 2);
      await endShow(id);
    } finally {
      await second.close();
    }
    await cluster.untilState(`stream/${id}`, 'waiting_live');
    expect(await framesOf(id, 2)).toBeGreaterThan(0);
    await until(async () => (await messagesOf(id)).length > 0, 10_000, 'the notification');
    expect(await messagesOf(id)).toEqual(['Connection lost, retrying...']);

    await handle.signal('stop');
    expect(await handle.result()).toMatchObject({ state: 'stopped', reason: 'stop requested' });
  }, 120_000);
});
