import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CaptureInput } from '../../../core/config/capture.js';
import { startRtmpServer, type RtmpServer } from '../../support/rtmp-server.js';
import { startSrtListener, type SrtListener } from '../../support/srt-listener.js';
import { packetsOf, picturesOf, streamsOf } from './support/media.js';
import { startPipelineHarness } from './support/pipeline-harness.js';

/** Real encoders, a real hub, a real RTMP server and a real SRT listener. */
let rtmp: RtmpServer;
let srt: SrtListener;

beforeAll(async () => {
  [rtmp, srt] = await Promise.all([startRtmpServer(), startSrtListener({ passphrase: 'correct-horse' })]);
});

afterAll(() => Promise.all([rtmp.close(), srt.close()]));

const SOURCES: readonly { name: string; capture: Partial<CaptureInput>; streams: readonly string[] }[] = [
  {
    name: 'ffmpeg, with the sound of a second input',
    capture: {
      input: {
        ffmpeg: [
          ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25'],
          ['-re', '-f', 'lavfi', '-i', 'sine=frequency=440'],
        ].flat(),
      },
      encode: { bitrate: '1M', keyframe_interval: '1s' },
    },
    streams: ['aac', 'h264 320x180'],
  },
  {
    name: 'GStreamer, with caps in quotes as at a prompt',
    capture: {
      input: {
        gstreamer:
          'videotestsrc is-live=true pattern=ball ! "video/x-raw, width=320, height=180, framerate=25/1" ! x264enc tune=zerolatency speed-preset=ultrafast bitrate=500 key-int-max=25 ! h264parse ! mpegtsmux name=mux ! {hub} audiotestsrc is-live=true ! audioconvert ! avenc_aac ! aacparse ! mux.',
      },
    },
    streams: ['aac', 'h264 320x180'],
  },
];

describe.each(SOURCES)('An ingest of $name', ({ name, capture, streams }) => {
  it('reaches RTMP, SRT and a file with the same pictures, whenever they come', async () => {
    const harness = await startPipelineHarness();
    try {
      const stream = name.startsWith('ffmpeg') ? 'one' : 'two';
      const file = join(harness.folder, 'copy.ts');
      const early = await harness.push(`file:${file}`);
      const ingest = await harness.ingest(capture);
      await ingest.delivers(40);
      // These two come in the middle of a group.
      const pushes = [early, await harness.push(rtmp.url(stream)), await harness.push(srt.url)];
      await Promise.all(pushes.slice(1).map((push) => push.delivers(100)));
      for (const push of pushes) await push.stop();

      const [recordedByRtmp] = await rtmp.recordings(stream);
      const recordedBySrt = (await srt.recordings()).at(stream === 'one' ? 0 : 1);
      const outputs = [file, recordedByRtmp as string, recordedBySrt as string];
      const [whole, ...others] = await Promise.all(outputs.map(picturesOf));
      for (const output of outputs) expect(await streamsOf(output)).toEqual(streams);
      for (const pictures of others) {
        const common = pictures.filter((picture) => whole?.includes(picture) === true);
        expect(common.length).toBeGreaterThan(80);
        expect(common.length).toBeGreaterThan(pictures.length * 0.9);
      }
      const [first] = (await packetsOf(recordedByRtmp as string)).filter(({ type }) => type === 'video');
      expect(first?.isKey).toBe(true);
      for (const push of pushes) expect(push.watcher.continuityErrors?.()).toBe(0);
    } finally {
      await harness.close();
    }
  });
});
