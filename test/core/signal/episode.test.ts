import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  NO_EPISODE,
  SIGNAL_SETTLED_AFTER_MS,
  signalChanged,
  signalSettled,
  type SignalEpisode,
} from '../../../core/signal/episode.js';

interface Change {
  readonly signal: 'present' | 'lost';
  readonly afterMs: number;
}

/** Plays changes as the workflow does: after each it waits for the signal to settle, unless the next comes first. */
function play(changes: readonly Change[]): { told: string[]; episode: SignalEpisode } {
  let episode = NO_EPISODE;
  let nowMs = 1_000_000;
  const told: string[] = [];
  for (const [index, { signal, afterMs }] of changes.entries()) {
    nowMs += afterMs;
    const step = signalChanged(episode, signal, nowMs);
    episode = step.episode;
    if (step.tell !== null) told.push(step.tell);
    if ((changes[index + 1]?.afterMs ?? Infinity) < SIGNAL_SETTLED_AFTER_MS) continue;
    const settled = signalSettled(episode, signal);
    episode = settled.episode;
    if (settled.tell !== null) told.push(settled.tell);
  }
  return { told, episode };
}

describe('an episode of the input signal', () => {
  it('is told once each way', () => {
    const changes = [
      { signal: 'lost', afterMs: 0 },
      { signal: 'present', afterMs: 5_000 },
    ] as const;
    expect(play(changes).told).toEqual(['lost', 'back']);
  });

  it('is told again when the signal had settled in between', () => {
    const changes = [
      { signal: 'lost', afterMs: 0 },
      { signal: 'present', afterMs: 60_000 },
      { signal: 'lost', afterMs: 60_000 },
      { signal: 'present', afterMs: 60_000 },
    ] as const;
    expect(play(changes).told).toEqual(['lost', 'back', 'lost', 'back']);
  });

  it('of a signal that flaps 100 times in a minute is told twice, and a third time only if it ends lost', () => {
    const flaps = Array.from({ length: 100 }, (_, index): Change => ({
      signal: index % 2 === 0 ? 'lost' : 'present',
      afterMs: 600,
    }));
    expect(play(flaps).told).toEqual(['lost', 'back']);
    expect(play([...flaps, { signal: 'lost', afterMs: 600 }]).told).toEqual(['lost', 'back', 'lost']);
  });

  it('never leaves people with the wrong last word, and never tells the same twice in a row', () => {
    const gap = fc.integer({ min: 0, max: 30_000 });
    fc.assert(
      fc.property(fc.array(gap, { minLength: 1, maxLength: 60 }), (gaps) => {
        const changes = gaps.map((afterMs, index): Change => ({
          signal: index % 2 === 0 ? 'lost' : 'present',
          afterMs,
        }));
        const { told, episode } = play(changes);
        expect(episode.told).toBe(changes.at(-1)?.signal);
        for (const [index, word] of told.entries()) expect(word).toBe(index % 2 === 0 ? 'lost' : 'back');
      }),
    );
  });
});
