import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { classify } from '../../../core/classify/index.js';
import { PlanError } from '../../../activities/custody/handler.js';
import { startRtmpServer, type RtmpServer } from '../../support/rtmp-server.js';
import { startSrtListener } from '../../support/srt-listener.js';
import { startPipelineHarness, type PipelineHarness } from './support/pipeline-harness.js';

/** Each fault is real: servers that refuse, die or are not there. */
let harness: PipelineHarness;
let rtmp: RtmpServer;
const KEY = 'live_4f9a77d0';

beforeAll(async () => {
  rtmp = await startRtmpServer();
  harness = await startPipelineHarness({ environment: { KEY } });
  const ingest = await harness.ingest({
    input: { ffmpeg: ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25'] },
    encode: { bitrate: '1M', keyframe_interval: '1s' },
  });
  await ingest.delivers(10);
});

afterAll(async () => {
  await harness.close();
  await rtmp.close();
});

describe('A push that fails', () => {
  it.each([
    ['nobody listens', () => 'rtmp://127.0.0.1:1/live/one', 'network_disconnect'],
    ['the name does not exist', () => 'rtmp://nowhere.invalid/live/one', 'network_disconnect'],
    // nginx closes the connection without a word, so nothing tells this from a lost connection.
    ['the application refuses to publish', () => rtmp.refusingUrl('one'), 'network_disconnect'],
    ['nobody listens for SRT', () => 'srt://127.0.0.1:1', 'network_disconnect'],
    ['the disk is full', () => 'file:/dev/full', 'storage_full'],
  ])('tells why when %s', async (_title, url, cause) => {
    const push = await harness.push(url());
    expect((await push.verdict()).cause).toBe(cause);
  });

  it('is a lost connection when the server is killed', async () => {
    const push = await harness.push(rtmp.url('killed'));
    await push.delivers(25);
    await rtmp.restart();
    expect((await push.verdict()).cause).toBe('network_disconnect');
  });

  it('takes a stream name that is still in use for something that passes', async () => {
    const first = await harness.push(rtmp.url('same'));
    await first.delivers(10);
    const verdict = await (await harness.push(rtmp.url('same'))).verdict();
    expect(verdict).toMatchObject({
      disposition: 'transient',
      detail: expect.stringContaining('Already publishing'),
    });
    await first.stop();
  });

  it('is refused for good by an SRT listener with another passphrase, or with one where we have none', async () => {
    const srt = await startSrtListener({ passphrase: 'correct-horse' });
    try {
      for (const url of [srt.url.replace('correct', 'another'), `srt://127.0.0.1:${srt.port}`]) {
        expect((await (await harness.push(url)).verdict()).cause).toBe('unauthorized');
      }
      const welcome = await harness.push(srt.url);
      await welcome.delivers(5);
      await welcome.stop();
    } finally {
      await srt.close();
    }
  });
});

describe('Secrets of a push', () => {
  it('reach the server and are named to custody, so that they appear nowhere else', async () => {
    const url = `rtmp://127.0.0.1:${rtmp.port}/live/\${env:KEY}`;
    const push = await harness.push(url);
    await push.delivers(10);
    await push.stop();
    expect(await rtmp.recordings(KEY)).toHaveLength(1);
    expect(push.watched.plan.secrets).toEqual([KEY]);
  });

  it('that are not set on this host are an error of the configuration', async () => {
    const refusal = harness.push('rtmp://127.0.0.1/live/${env:ABSENT}');
    await expect(refusal).rejects.toThrow(/ABSENT is not set/);
    expect(classify(await evidenceOf(refusal)).cause).toBe('invalid_pipeline');
  });
});

describe('A push into a file', () => {
  it('never writes over what is there: a later run writes beside it', async () => {
    const file = join(harness.folder, 'show.ts');
    await writeFile(file, 'what an earlier run has written');
    for (const name of ['show.run2.ts', 'show.run3.ts']) {
      const push = await harness.push(`file:///${file.slice(1)}`, { run: 2 });
      await push.delivers(10);
      await push.stop();
      expect((await readFile(join(harness.folder, name))).length).toBeGreaterThan(10_000);
    }
    expect(await readFile(file, 'utf8')).toBe('what an earlier run has written');
  });

  it('is refused where there is no folder, and where there is one of that name', async () => {
    const missing = harness.push(`file:${join(harness.folder, 'nowhere', 'show.ts')}`);
    expect(classify(await evidenceOf(missing)).cause).toBe('read_only_storage');
    await mkdir(join(harness.folder, 'folder'));
    const folder = harness.push(`file:${join(harness.folder, 'folder')}`);
    expect(classify(await evidenceOf(folder)).cause).toBe('invalid_pipeline');
  });
});

async function evidenceOf(refusal: Promise<unknown>): Promise<PlanError['evidence']> {
  try {
    await refusal;
  } catch (error) {
    if (error instanceof PlanError) return error.evidence;
    throw error;
  }
  throw new Error('the run was not refused');
}
