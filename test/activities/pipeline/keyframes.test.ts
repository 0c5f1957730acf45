import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packetsOf, unitTypesOf } from './support/media.js';
import { startPipelineHarness } from './support/pipeline-harness.js';

const IDR = 5;
const SEQUENCE_PARAMETERS = 7;

/** The source changes its scene completely eleven times a minute of pictures, which must not begin a group. */
const SCENE_CUTS = "hue=h='90*floor(n/11)',negate=enable='lt(mod(n,22),11)'";

describe('Groups of pictures', () => {
  it.each([
    { rate: '25', interval: '1s', seconds: 1, thinned: '' },
    { rate: '30000/1001', interval: '2s', seconds: 2, thinned: '' },
    // The rate changes and pauses for longer than an interval.
    {
      rate: '30',
      interval: '500ms',
      seconds: 0.5,
      thinned: ",select='lt(mod(n,60),35)*not(mod(n,1+gt(n,60)))'",
    },
  ])(
    'begin each $interval at $rate pictures a second$thinned and are closed',
    async ({ rate, interval, seconds, thinned }) => {
      const harness = await startPipelineHarness();
      try {
        const file = join(harness.folder, 'copy.ts');
        const push = await harness.push(`file:${file}`);
        const source = `testsrc2=size=320x180:rate=${rate},${SCENE_CUTS}${thinned}`;
        const ingest = await harness.ingest({
          input: { ffmpeg: ['-re', '-f', 'lavfi', '-i', source] },
          encode: { keyframe_interval: interval, bitrate: '1M' },
        });
        await push.delivers(Math.ceil((seconds * 3 + 2) * 15));
        await push.stop();
        await ingest.stop();

        const packets = (await packetsOf(file)).filter(({ type }) => type === 'video');
        const times = packets.map(({ ptsSeconds }) => ptsSeconds).sort((a, b) => a - b);
        const begin = times[0] as number;
        const slots = times.map((time) => Math.floor((time - begin + 0.002) / seconds));
        const expected = times.filter((_, index) => index === 0 || slots[index] !== slots[index - 1]);
        const keys = packets.filter(({ isKey }) => isKey).map(({ ptsSeconds }) => ptsSeconds);
        expect(keys.length).toBeGreaterThan(2);
        expect(keys).toEqual(expected);

        const units = await unitTypesOf(file);
        expect(units.filter((types) => types.includes(IDR))).toHaveLength(keys.length);
        // A reader that comes at any picture knows the stream.
        expect(units.every((types) => types.includes(SEQUENCE_PARAMETERS))).toBe(true);
      } finally {
        await harness.close();
      }
    },
  );
});
