/**
 * Goal: a jump of the time stamps is told from everything else that time stamps do. Method: arbitrary timelines anywhere
 * around the clock of both formats.
 */
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  FLV_TIME,
  SourceClock,
  TRANSPORT_STREAM_TIME,
  type StreamTime,
  type TimeScale,
} from '../../../../activities/reader/media/source-clock.js';

const scales = fc.constantFrom(TRANSPORT_STREAM_TIME, FLV_TIME);
/** A place on the clock, as a part of its period. */
const places = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const steps = fc.array(fc.double({ min: 0.001, max: 3, noNaN: true }), { minLength: 2, maxLength: 50 });

function at(scale: TimeScale, kind: StreamTime['kind'], seconds: number): StreamTime {
  const ticks = Math.round(seconds * scale.ticksPerSecond);
  const { period } = scale;
  return { kind, stream: kind === 'video' ? 256 : 257, ticks: ((ticks % period) + period) % period };
}

function secondsOf(scale: TimeScale, place: number): number {
  return (place * scale.period) / scale.ticksPerSecond;
}

/** A clock that has seen a timeline of pictures, and where that ended. */
function clockAfter(
  scale: TimeScale,
  startSeconds: number,
  between: readonly number[],
): { clock: SourceClock; endSeconds: number } {
  const clock = new SourceClock(scale);
  let endSeconds = startSeconds;
  expect(clock.observe(at(scale, 'video', endSeconds))).toBeNull();
  for (const step of between) {
    endSeconds += step;
    expect(clock.observe(at(scale, 'video', endSeconds))).toBeNull();
  }
  return { clock, endSeconds };
}

describe('SourceClock', () => {
  it('takes the first time of every stream, whatever it is', () => {
    fc.assert(
      fc.property(scales, places, places, (scale, video, audio) => {
        const clock = new SourceClock(scale);
        expect(clock.observe(at(scale, 'video', secondsOf(scale, video)))).toBeNull();
        expect(clock.observe(at(scale, 'audio', secondsOf(scale, audio)))).toBeNull();
      }),
    );
  });

  it('sees no jump where the count begins again', () => {
    fc.assert(
      fc.property(scales, steps, fc.double({ min: 0, max: 1, noNaN: true }), (scale, between, part) => {
        const length = between.reduce((sum, step) => sum + step, 0);
        const { endSeconds } = clockAfter(scale, secondsOf(scale, 1) - part * length, between);
        expect(endSeconds).toBeGreaterThanOrEqual(secondsOf(scale, 1) - 0.001);
      }),
    );
  });

  it('sees no jump in pictures in another order and in sound that is behind or ahead', () => {
    const shifted = fc.record({
      step: fc.double({ min: 0.001, max: 3, noNaN: true }),
      early: fc.double({ min: 0, max: 0.24, noNaN: true }),
      soundFirst: fc.boolean(),
    });
    const skews = fc.double({ min: -8, max: 8, noNaN: true });
    fc.assert(
      fc.property(
        scales,
        places,
        fc.array(shifted, { maxLength: 50 }),
        skews,
        (scale, place, times, skew) => {
          const clock = new SourceClock(scale);
          let seconds = secondsOf(scale, place);
          for (const { step, early, soundFirst } of times) {
            seconds += step;
            const picture = at(scale, 'video', seconds + (soundFirst ? early : -early));
            const sound = at(scale, 'audio', seconds + skew - early);
            for (const time of soundFirst ? [sound, picture] : [picture, sound]) {
              expect(clock.observe(time)).toBeNull();
            }
          }
        },
      ),
    );
  });

  it('sees every jump back of more than half a second, and none below', () => {
    const backs = fc.double({ min: 0.001, max: 20_000, noNaN: true });
    fc.assert(
      fc.property(scales, places, steps, backs, (scale, place, between, back) => {
        const { clock, endSeconds } = clockAfter(scale, secondsOf(scale, place), between);
        fc.pre(Math.abs(back - 0.5) > 0.002);
        const jump = clock.judge(at(scale, 'video', endSeconds - back));
        expect(jump !== null).toBe(back > 0.5);
      }),
    );
  });

  it('sees every jump forward of more than ten seconds, and none below', () => {
    const forwards = fc.double({ min: 0.001, max: 20_000, noNaN: true });
    fc.assert(
      fc.property(scales, places, steps, forwards, (scale, place, between, forward) => {
        const { clock, endSeconds } = clockAfter(scale, secondsOf(scale, place), between);
        fc.pre(Math.abs(forward - 10) > 0.002);
        const jump = clock.judge(at(scale, 'video', endSeconds + forward));
        expect(jump !== null).toBe(forward > 10);
      }),
    );
  });

  it('says both sides in words and does not learn a jump', () => {
    const { clock } = clockAfter(FLV_TIME, 100, [0.04, 0.04]);
    const jump = { before: 'video time 100.080 s', after: 'video time 2.000 s' };
    expect(clock.observe(at(FLV_TIME, 'video', 2))).toEqual(jump);
    expect(clock.observe(at(FLV_TIME, 'video', 2))).toEqual(jump);
    expect(clock.observe(at(FLV_TIME, 'video', 100.12))).toBeNull();
  });

  it('goes on from a jump it was made to learn', () => {
    const { clock } = clockAfter(FLV_TIME, 100, [0.04, 0.04]);
    for (const seconds of [2, 2.04]) clock.learn(at(FLV_TIME, 'video', seconds));
    expect(clock.judge(at(FLV_TIME, 'video', 2.08))).toBeNull();
    expect(clock.judge(at(FLV_TIME, 'video', 100.12))).not.toBeNull();
  });

  it('sees no jump when sound comes back after a long silence, but one when it comes back elsewhere', () => {
    const clock = new SourceClock(FLV_TIME);
    for (const seconds of [0, 0.02]) clock.learn(at(FLV_TIME, 'audio', seconds));
    for (let seconds = 0; seconds <= 60; seconds += 0.04) clock.learn(at(FLV_TIME, 'video', seconds));
    expect(clock.judge(at(FLV_TIME, 'audio', 60))).toBeNull();
    expect(clock.judge(at(FLV_TIME, 'audio', 600))).not.toBeNull();
  });

  it('sees no jump in a slide show, with sound or without', () => {
    const withSound = new SourceClock(FLV_TIME);
    for (let seconds = 0; seconds <= 90; seconds += 0.5) {
      expect(withSound.observe(at(FLV_TIME, 'audio', seconds))).toBeNull();
      if (seconds % 30 === 0) expect(withSound.observe(at(FLV_TIME, 'video', seconds))).toBeNull();
    }
    const { clock, endSeconds } = clockAfter(FLV_TIME, 0, [30, 30, 45]);
    expect(clock.judge(at(FLV_TIME, 'video', endSeconds + 1_000))).not.toBeNull();
  });

  it('sees no jump behind a first picture that is stamped zero', () => {
    const { clock } = clockAfter(FLV_TIME, 0, [5_000, 0.04]);
    expect(clock.judge(at(FLV_TIME, 'video', 5_060))).not.toBeNull();
  });

  it('allows a step forward over media that is known to be missing', () => {
    const { clock, endSeconds } = clockAfter(TRANSPORT_STREAM_TIME, 0, [0.04, 0.04]);
    const later = at(TRANSPORT_STREAM_TIME, 'video', endSeconds + 30);
    expect(clock.judge(later, 20.5)).toBeNull();
    expect(clock.judge(later, 19.5)).not.toBeNull();
    expect(clock.judge(at(TRANSPORT_STREAM_TIME, 'video', endSeconds - 1), 1_000)).not.toBeNull();
  });
});
