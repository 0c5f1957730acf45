import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PlanError } from '../../../activities/custody/handler.js';
import { classify } from '../../../core/classify/index.js';
import type { CaptureInput } from '../../../core/config/capture.js';
import { startPipelineHarness, type PipelineHarness } from './support/pipeline-harness.js';

const SECRET = 'hunter2-hunter2';
const TEST_PICTURE = { ffmpeg: ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10'] };
const TO_HUB = 'x264enc ! h264parse ! mpegtsmux ! {hub}';

let harness: PipelineHarness;
beforeAll(async () => {
  harness = await startPipelineHarness({ environment: { CAMERA: SECRET } });
});
afterAll(() => harness.close());

const gstreamer = (pipeline: string): Partial<CaptureInput> => ({ input: { gstreamer: pipeline } });
const encoding = (encode: CaptureInput['encode']): Partial<CaptureInput> => ({ input: TEST_PICTURE, encode });

describe('An ingest is refused before it starts', () => {
  it.each<[string, Partial<CaptureInput>, string, RegExp]>([
    ['an unknown encoder', encoding({ video: 'libx265x' }), 'invalid_pipeline', /Unknown encoder 'libx265x'/],
    ['an unknown sound encoder', encoding({ audio: 'opuss' }), 'invalid_pipeline', /Unknown encoder 'opuss'/],
    ['an unknown option', encoding({ options: { presett: 1 } }), 'invalid_pipeline', /'presett/],
    [
      'an unknown preset',
      encoding({ options: { preset: 'warp' } }),
      'invalid_pipeline',
      /invalid preset 'warp'/,
    ],
    ['an unknown filter', encoding({ options: { vf: 'scalee=1:2' } }), 'invalid_pipeline', /'scalee'/],
    ['an encoder without its hardware', encoding({ video: 'h264_nvenc' }), 'encoder_failure', /libcuda/],
    [
      'an unknown element',
      gstreamer('videotestsrc ! x264encc ! {hub}'),
      'invalid_pipeline',
      /no element "x264encc"/,
    ],
    [
      'an unknown property',
      gstreamer(`videotestsrc foo=1 ! ${TO_HUB}`),
      'invalid_pipeline',
      /no property "foo"/,
    ],
    ['an impossible value', gstreamer(`videotestsrc pattern=zork ! ${TO_HUB}`), 'invalid_pipeline', /"zork"/],
    ['a syntax error', gstreamer(`videotestsrc ! ! ${TO_HUB}`), 'invalid_pipeline', /syntax error/],
    [
      'an impossible link',
      gstreamer(`videotestsrc ! audioconvert ! ${TO_HUB}`),
      'invalid_pipeline',
      /could not link/,
    ],
    [
      'caps that nothing delivers',
      gstreamer(`videotestsrc ! audio/x-raw ! ${TO_HUB}`),
      'invalid_pipeline',
      /can't handle caps|could not link/,
    ],
    [
      'a stream that no muxer has made MPEG-TS',
      gstreamer('videotestsrc ! x264enc ! queue ! {hub}'),
      'invalid_pipeline',
      /could not link queue0 to fdsink0, queue0 can't handle caps video\/mpegts/,
    ],
    [
      'a stream of another container',
      gstreamer('videotestsrc ! x264enc ! matroskamux ! {hub}'),
      'invalid_pipeline',
      /could not link matroskamux0 to fdsink0/,
    ],
    [
      'an open quote',
      gstreamer(`videotestsrc ! "video/x-raw ! ${TO_HUB}`),
      'invalid_pipeline',
      /double quote/,
    ],
    [
      'two hubs',
      gstreamer(`videotestsrc ! ${TO_HUB} videotestsrc ! ${TO_HUB}`),
      'invalid_pipeline',
      /2 times/,
    ],
    [
      'a variable that is not set',
      { input: { ffmpeg: ['-i', 'rtsp://${env:ABSENT}@camera/'] } },
      'invalid_pipeline',
      /ABSENT is not set/,
    ],
  ])('for %s, with the words of the tool', async (_title, capture, cause, words) => {
    const verdict = classify(await refusalOf(capture));
    expect(verdict.cause).toBe(cause);
    expect(verdict.detail).toMatch(words);
  });

  it('without telling its secrets', async () => {
    const evidence = await refusalOf(
      gstreamer(`filesrc location=\${env:CAMERA} foo=\${env:CAMERA} ! ${TO_HUB}`),
    );
    expect(JSON.stringify(evidence)).not.toContain(SECRET);
  });

  it('but not for a source that brings MPEG-TS and does not say so', async () => {
    const run = await harness.ingest(gstreamer('tcpclientsrc host=127.0.0.1 port=1 ! queue ! {hub}'));
    expect((await run.verdict()).cause).toBe('network_disconnect');
  });

  it('but not for a device that may come, or an input that only its start can judge', async () => {
    const run = await harness.ingest(gstreamer(`v4l2src device=/dev/video99 ! videoconvert ! ${TO_HUB}`));
    expect((await run.verdict()).cause).toBe('device_not_found');
  });
});

describe('The end of an ingest', () => {
  it('is a missing device when the node is gone', async () => {
    const run = await harness.ingest({ input: { kind: 'v4l2', device: '/dev/video99' } });
    expect((await run.verdict()).cause).toBe('device_not_found');
    expect(await run.watcher.collectEvidence()).toMatchObject({ deviceExists: false, role: 'device' });
  });

  it('is a lost signal when the probe says so, whatever was printed', async () => {
    const silent = await startPipelineHarness({ probeSignal: () => Promise.resolve(false) });
    const probe = { kind: 'sysfs', path: '/sys/cable', pattern: '1' } as const;
    const run = await silent.ingest({ input: { kind: 'v4l2', device: '/dev/video99', probe } });
    expect((await run.verdict()).cause).toBe('signal_lost');
    await silent.close();
  });

  it('does not wait for a probe that never answers', async () => {
    const stuck = await startPipelineHarness({ probeSignal: () => new Promise(() => {}) });
    const probe = { kind: 'command', argv: ['sleep', '60'] } as const;
    const run = await stuck.ingest({ input: { kind: 'v4l2', device: '/dev/null', probe } });
    await run.ended();
    const before = performance.now();
    expect(await run.watcher.collectEvidence()).toEqual({
      tool: 'ffmpeg',
      role: 'device',
      deviceExists: true,
    });
    expect(performance.now() - before).toBeLessThan(5_000);
    await stuck.close();
  });

  it('is an ended input when the source was finite', async () => {
    const finite = { ffmpeg: ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:duration=1'] };
    const run = await harness.ingest({ input: finite });
    expect(await run.verdict()).toMatchObject({
      cause: 'network_disconnect',
      detail: 'the input ended without an error',
    });
  });

  it('names what stopped a GStreamer pipeline, not the pipe behind it', async () => {
    const run = await harness.ingest(
      gstreamer(`rtspsrc location=rtsp://127.0.0.1:1/x ! rtph264depay ! h264parse ! mpegtsmux ! {hub}`),
    );
    expect((await run.verdict()).cause).toBe('network_disconnect');
  });
});

async function refusalOf(capture: Partial<CaptureInput>): Promise<PlanError['evidence']> {
  try {
    await harness.ingest(capture);
  } catch (error) {
    if (error instanceof PlanError) return error.evidence;
    throw error;
  }
  throw new Error('the ingest was not refused');
}
