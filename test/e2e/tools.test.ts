// Goal: streams found by streamlink and yt-dlp are recorded like any other. Method: the real programs, installed by the test
// set-up, on a live HLS source of this machine.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../activities/custody/project-root.js';
import { Cluster, until } from '../support/cluster.js';
import {
  missingFrames,
  readFrameNumbers,
  startLiveSource,
  type LiveSource,
} from '../support/live-source/index.js';

let cluster: Cluster;
let source: LiveSource;

beforeAll(async () => {
  const output = execFileSync(join(projectRoot(), 'scripts', 'test-tools'), { encoding: 'utf8' });
  const folder = output.trim().split('\n').at(-1) ?? '';
  process.env['PATH'] = `${folder}:${process.env['PATH']}`;
  [cluster, source] = await Promise.all([Cluster.start(), startLiveSource()]);
  await Promise.all([cluster.startWorker(), source.hlsReady(4)]);
}, 240_000);

afterAll(async () => {
  await cluster.close();
  await source.close();
}, 60_000);

describe('streams found by other programs', () => {
  it.each(['streamlink', 'yt-dlp'])(
    '%s resolves a live HLS stream that is recorded without a hole',
    async (kind) => {
      const handle = await cluster.startStream({ id: kind, resolver: { kind, url: source.urls.hls } });
      await cluster.untilState(`stream/${kind}`, 'running', 90_000);
      await until(
        async () => (await cluster.status(`stream/${kind}`)).state === 'running',
        10_000,
        'the recording to go on',
      );
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      await handle.signal('stop');
      expect(await handle.result()).toMatchObject({ state: 'stopped', incidents: 0 });
      const numbers = (
        await Promise.all((await cluster.mediaFiles(`stream/${kind}`)).map(readFrameNumbers))
      ).flat();
      expect(numbers.length).toBeGreaterThan(100);
      expect(missingFrames(numbers)).toEqual([]);
    },
    150_000,
  );
});
