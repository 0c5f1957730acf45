import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sourceSchema } from '../../../core/config/source.js';
import {
  CYCLE_OUTCOMES,
  stepWatch,
  UNWATCHED,
  watchRules,
  type SourceAlert,
  type Watch,
  type WatchedCycle,
  type WatchRules,
} from '../../../core/source-health/index.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const rules: WatchRules = { downAfter: 3, upAfter: 2, minSuccessRate: null, silentAfterMs: null };
const good = { outcome: 'fetched', cause: null, detail: null } as const;
const bad = { outcome: 'failed', cause: 'timeout', detail: 'no headers in 20 s' } as const;

/** Takes cycles in, one a minute, and writes the alerts down. */
function alertsOf(cycles: readonly Partial<WatchedCycle>[], by: WatchRules = rules): [Watch, SourceAlert[]] {
  let watch = UNWATCHED;
  const alerts: SourceAlert[] = [];
  cycles.forEach((cycle, index) => {
    const facts = { ...good, source: 'news', dayRate: { rate: null, cycles: 0 }, lastItemMs: null };
    const step = stepWatch(by, watch, { ...facts, nowMs: index * MINUTE_MS, ...cycle });
    watch = step.watch;
    alerts.push(...step.alerts);
  });
  return [watch, alerts];
}

const kinds = (cycles: readonly Partial<WatchedCycle>[], by?: WatchRules) =>
  alertsOf(cycles, by)[1].map(({ kind }) => kind);

describe('alerts about a source', () => {
  it('say that it is down after so many failed cycles in a row, once, with the last cause', () => {
    const [watch, alerts] = alertsOf([good, bad, bad, bad, bad, bad]);
    expect(watch.confirmed).toBe('down');
    expect(alerts).toEqual([
      {
        kind: 'down',
        source: 'news',
        atMs: 3 * MINUTE_MS,
        failures: 3,
        cause: 'timeout',
        detail: 'no headers in 20 s',
      },
    ]);
  });

  it('say that it is up again after so many good cycles, and for how long it was not', () => {
    const [, alerts] = alertsOf([good, bad, bad, bad, good, bad, good, good]);
    expect(alerts.at(-1)).toEqual({
      kind: 'up',
      source: 'news',
      atMs: 7 * MINUTE_MS,
      downForMs: 6 * MINUTE_MS,
    });
    expect(alerts).toHaveLength(2);
  });

  it('say nothing when it flaps below the thresholds, nor when it comes up for the first time', () => {
    expect(kinds([good, bad, bad, good, bad, bad, good])).toEqual([]);
    expect(kinds([bad, bad, bad])).toEqual(['down']);
  });

  it('leave out deferred and skipped cycles', () => {
    const neither = [{ outcome: 'deferred' }, { outcome: 'skipped', cause: 'network_disconnect' }] as const;
    expect(kinds([bad, bad, ...neither, ...neither])).toEqual([]);
    expect(kinds([bad, bad, ...neither, bad])).toEqual(['down']);
  });

  it('say that too few of its cycles succeed, when enough are known, and take it back with a margin', () => {
    const by = { ...rules, minSuccessRate: 0.8 };
    const rate = (share: number, cycles = 20) => ({ dayRate: { rate: share, cycles } });
    expect(kinds([rate(0.5, 9)], by)).toEqual([]);
    expect(kinds([rate(0.79), rate(0.7), rate(0.81), rate(0.79), rate(0.86)], by)).toEqual([
      'rate_low',
      'rate_normal',
    ]);
    expect(kinds([rate(0.79), rate(1)], { ...by, minSuccessRate: 1 })).toEqual(['rate_low', 'rate_normal']);
    expect(kinds([rate(0.1)])).toEqual([]);
  });

  it('say that nothing new came for too long, but not while it cannot be read', () => {
    const by = { ...rules, silentAfterMs: HOUR_MS };
    const at = (hours: number, lastItem: number | null, cycle: object = good) => ({
      ...cycle,
      nowMs: hours * HOUR_MS,
      lastItemMs: lastItem === null ? null : lastItem * HOUR_MS,
    });
    expect(kinds([at(1, 0.5), at(2, 0.5), at(3, 0.5), at(4, 4)], by)).toEqual(['silent', 'silence_over']);
    expect(kinds([at(1, null), at(1.5, null), at(2, null)], by)).toEqual(['silent']);
    expect(kinds([at(1, 0.9), at(3, 0.9, bad), at(4, 0.9)], by)).toEqual(['silent']);
  });

  it('follow the configuration', () => {
    const config = sourceSchema.parse({ id: 'news', url: 'https://example.org/feed.xml' });
    expect(watchRules(config)).toEqual({
      downAfter: 3,
      upAfter: 1,
      minSuccessRate: null,
      silentAfterMs: null,
    });
  });

  it('alternate between down and up, whatever happens', () => {
    const anyCycle = fc.record({ outcome: fc.constantFrom(...CYCLE_OUTCOMES) });
    fc.assert(
      fc.property(fc.array(anyCycle, { maxLength: 80 }), (cycles) => {
        const upsAndDowns = kinds(cycles);
        upsAndDowns.forEach((kind, index) => expect(kind).toBe(index % 2 === 0 ? 'down' : 'up'));
      }),
    );
  });
});
