import { describe, expect, it } from '@jest/globals';
import { inspectSegment } from '../../../../activities/reader/media/segment-inspection.js';
import { TsParameters } from '../../../../activities/reader/media/ts-parameters.js';
import { countFrames, makeMedia, presentationTimes } from '../support/media.js';

describe('inspectSegment', () => {
  it('counts the pictures and reads the first and last decoding time', async () => {
    const segment = await makeMedia({ format: 'mpegts', size: '320x180', sampleRate: 44_100, seconds: 2 });
    const facts = inspectSegment(segment);
    const times = await presentationTimes(segment);
    expect(facts?.videoFrames).toBe(await countFrames(segment));
    expect(facts?.firstVideoDts).toBe(Math.round((times[0] ?? 0) * 90_000));
    expect(facts?.lastVideoDts).toBe(Math.round((times.at(-1) ?? 0) * 90_000));
  });

  it('reads the decoding times of all streams and the first of each', async () => {
    const segment = await makeMedia({ format: 'mpegts', size: '320x180', sampleRate: 44_100 });
    const facts = inspectSegment(segment);
    const pictures = facts?.times.filter(({ kind }) => kind === 'video').map(({ ticks }) => ticks) ?? [];
    expect(pictures).toHaveLength(25);
    expect(pictures.at(-1)).toBe(facts?.lastVideoDts);
    expect(facts?.firstTimes.map(({ kind }) => kind).sort()).toEqual(['audio', 'video']);
    expect(facts?.firstTimes).toContainEqual({ kind: 'video', stream: 256, ticks: pictures[0] });
  });

  it('tells the parameters with which a segment begins, not those in its middle', async () => {
    const small = await makeMedia({ format: 'mpegts', size: '320x180' });
    const large = await makeMedia({ format: 'mpegts', size: '642x362' });
    const mixed = inspectSegment(Buffer.concat([small, large]));
    const known = new TsParameters();
    for (const fact of inspectSegment(small)?.initial ?? []) expect(known.observe(fact)).toBeNull();
    for (const fact of mixed?.initial ?? []) expect(known.observe(fact)).toBeNull();
    const changes = inspectSegment(large)?.initial.map((fact) => known.observe(fact)) ?? [];
    expect(changes).toContainEqual({ before: 'h264 profile 66 320x180', after: 'h264 profile 66 642x362' });
  });

  it('says nothing about bytes that are no transport stream', () => {
    expect(inspectSegment(Buffer.from('ftypisom and more'))).toBeNull();
    expect(inspectSegment(Buffer.alloc(0))).toBeNull();
  });
});
