// What `holdfast doctor` says of captures: real tools, a real multicast packet, real files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkCaptures } from '../../../client/doctor/captures.js';
import type { CheckResult } from '../../../client/doctor/index.js';
import { elementsOf } from '../../../client/doctor/gst-elements.js';
import { checkHub } from '../../../client/doctor/hub.js';
import { checkHubBuffers } from '../../../client/doctor/hub-buffers.js';
import { captureSchema, type CaptureInput } from '../../../core/config/capture.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-doctor-captures-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function check(capture: Omit<CaptureInput, 'id'>): Promise<readonly CheckResult[]> {
  return checkCaptures([captureSchema.parse({ id: 'hdmi', ...capture })]);
}

function find(results: readonly CheckResult[], name: string): CheckResult | undefined {
  return results.find((result) => result.name === `capture/hdmi ${name}`);
}

const testPicture = { kind: 'ffmpeg' as const, args: ['-f', 'lavfi', '-i', 'testsrc2'] };

describe('doctor about a capture', () => {
  it('finds the encoders and a hub that carries packets', async () => {
    const results = await check({ input: testPicture });
    expect(find(results, 'encoders')).toMatchObject({
      status: 'ok',
      detail: 'ffmpeg knows libx264 and aac',
    });
    expect(find(results, 'hub')).toMatchObject({ status: 'ok' });
    expect(results).toHaveLength(3);
  });

  it('says how to give readers of a hub the buffers they ask for when the kernel gives them less', async () => {
    expect(await checkHubBuffers(8_192)).toEqual({
      name: 'hub buffers',
      status: 'ok',
      detail: '8 KiB for each reader',
      mend: null,
    });
    expect(await checkHubBuffers(1_073_741_824)).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('instead of 1048576 KiB'),
      mend: expect.stringContaining('sysctl -w net.core.rmem_max=1073741824'),
    });
  });

  it('names an encoder that this ffmpeg does not know', async () => {
    const results = await check({ input: testPicture, encode: { video: 'libx999' } });
    expect(find(results, 'encoders')).toMatchObject({
      status: 'failed',
      detail: 'this ffmpeg does not know libx999',
    });
  });

  it('names the elements of a pipeline that are not installed', async () => {
    const results = await check({
      input: { kind: 'gstreamer', pipeline: 'videotestsrc ! nosuchencoder bitrate=1 ! mpegtsmux ! {hub}' },
    });
    expect(find(results, 'elements')).toMatchObject({
      status: 'failed',
      detail: 'not installed: nosuchencoder',
    });
    expect(find(results, 'encoders')).toBeUndefined();
  });

  it('asks a probe file, and says when it or a probe program cannot be asked', async () => {
    const path = join(folder, 'cable');
    const sysfs = (pattern: string) =>
      check({ input: { ...testPicture, probe: { kind: 'sysfs', path, pattern } } });
    expect(find(await sysfs('^1'), 'probe')).toMatchObject({ status: 'failed' });
    writeFileSync(path, '1\n');
    expect(find(await sysfs('^1'), 'probe')).toMatchObject({ detail: `${path} says a signal now` });
    expect(find(await sysfs('^0'), 'probe')).toMatchObject({ detail: `${path} says no signal now` });
    const command = (argv: string[]) =>
      check({ input: { ...testPicture, probe: { kind: 'command', argv } } });
    expect(find(await command(['true']), 'probe')).toMatchObject({ status: 'ok' });
    expect(find(await command([path]), 'probe')).toMatchObject({ status: 'failed' });
  });

  it('misses a sound card that is not there', async () => {
    const input = { kind: 'v4l2', audio: { device: 'hw:31,0' } } as const;
    expect(find(await check({ input }), 'sound hw:31,0')).toMatchObject({
      status: 'failed',
      detail: 'there is no such card',
    });
  });

  it('finds out that an address is no multicast group', async () => {
    const result = await checkHub('capture/hdmi', { address: '127.0.0.1', port: 5004 });
    expect(result).toMatchObject({ status: 'failed' });
    expect(result.mend).toContain('multicast');
  });
});

describe('elements of a pipeline', () => {
  it.each([
    [
      'videotestsrc is-live=true ! x264enc key-int-max=60 ! mpegtsmux ! {hub}',
      'videotestsrc x264enc mpegtsmux',
    ],
    [
      'v4l2src device=/dev/video0 ! video/x-raw, width=1920, framerate=30/1 ! tee name=t t. ! queue ! {hub} t. ! fakesink',
      'v4l2src tee queue fakesink',
    ],
    ['filesrc location="a ! b.ts" ! tsdemux name=d d.video ! h264parse', 'filesrc tsdemux h264parse'],
    [
      'capsfilter caps="video/x-raw, format=I420" ! ( queue ! identity ) ! {hub}',
      'capsfilter queue identity',
    ],
    ['a! b !c', 'a b c'],
  ])('%s has %s', (pipeline, elements) => {
    expect(elementsOf(pipeline).join(' ')).toBe(elements);
  });
});
