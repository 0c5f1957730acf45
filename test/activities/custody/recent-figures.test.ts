import { describe, expect, it } from '@jest/globals';
import { RecentFigures } from '../../../activities/custody/recent-figures.js';
import type { RunProgress } from '../../../core/run.js';

function progress(frames: number): RunProgress {
  return { outTimeMs: frames * 40, frames, bytes: 0, fps: 3, bitrateKbps: 0, speed: 1 };
}

describe('RecentFigures', () => {
  it('says nothing of a run that has not said anything', () => {
    expect(new RecentFigures().of(null, 10, 0)).toBeNull();
  });

  it('shows the bytes that the handler knows and rates of the last moments', () => {
    const figures = new RecentFigures();
    expect(figures.of(progress(100), 50_000, 0)).toMatchObject({ bytes: 50_000, fps: 3 });
    expect(figures.of(progress(350), 1_300_000, 10_000)).toMatchObject({ fps: 25, bitrateKbps: 1_000 });
    expect(figures.of(progress(350), 1_300_000, 20_000)).toMatchObject({ fps: 0, bitrateKbps: 0 });
  });

  it('does not measure over a moment', () => {
    const figures = new RecentFigures();
    figures.of(progress(100), 0, 0);
    expect(figures.of(progress(101), 9_999_999, 10)).toMatchObject({ fps: 3, bitrateKbps: 0 });
  });
});
