// Goal: what the processes of a cluster have seen of a site is one story. Method: plain values.
import { describe, expect, it } from '@jest/globals';
import { Observations } from '../../../activities/source-cycle/own-outage/observations.js';
import type { Observation } from '../../../core/source-health/index.js';

const NOW_MS = 1_767_323_045_000;
const gone = (atMs: number, unreachedSinceMs: number): Observation => ({
  site: 'example.org',
  atMs,
  reached: false,
  unreachedSinceMs,
});

describe('a site that two processes ask', () => {
  it('is gone since the first of them noticed, also for one that has just started', () => {
    const observations = new Observations();
    observations.note('example.org', false, NOW_MS - 1_000);
    const stored = gone(NOW_MS - 50_000, NOW_MS - 3_600_000);
    expect(observations.together([stored], NOW_MS)).toEqual([gone(NOW_MS - 1_000, NOW_MS - 3_600_000)]);
  });

  it('is there when the newer answer says so, and newly gone after an answer', () => {
    const observations = new Observations();
    observations.note('example.org', true, NOW_MS - 1_000);
    const stored = gone(NOW_MS - 50_000, NOW_MS - 3_600_000);
    expect(observations.together([stored], NOW_MS)).toMatchObject([
      { reached: true, unreachedSinceMs: null },
    ]);
    const answered = { ...gone(NOW_MS - 50_000, 0), reached: true, unreachedSinceMs: null };
    const later = new Observations();
    later.note('example.org', false, NOW_MS - 1_000);
    expect(later.together([answered], NOW_MS)).toEqual([gone(NOW_MS - 1_000, NOW_MS - 1_000)]);
  });
});
