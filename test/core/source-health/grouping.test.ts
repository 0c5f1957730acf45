import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  describeAlerts,
  describeOwnOutage,
  NO_ALERTS,
  stepGrouping,
  type AlertGroup,
  type Grouping,
  type GroupingInput,
  type SourceAlert,
} from '../../../core/source-health/index.js';

const down = (source: string, atMs = 0): SourceAlert => ({
  kind: 'down',
  source,
  atMs,
  failures: 3,
  cause: 'timeout',
  detail: 'no headers in 20 s',
});
const up = (source: string, atMs = 0): SourceAlert => ({ kind: 'up', source, atMs, downForMs: 600_000 });
const nothing = { alerts: [], down: [], total: 100 };

/** Feeds the steps in and writes down what was sent and when. */
function sent(
  steps: readonly (Partial<GroupingInput> & { readonly nowMs: number })[],
): [number, AlertGroup][] {
  let grouping: Grouping = NO_ALERTS;
  return steps.flatMap((step) => {
    const taken = stepGrouping(grouping, { ...nothing, ...step });
    grouping = taken.grouping;
    return taken.groups.map((group): [number, AlertGroup] => [step.nowMs, group]);
  });
}

describe('grouping', () => {
  it('sends alerts of one kind that come within 30 s as one', () => {
    const groups = sent([
      { nowMs: 0, alerts: [down('a')] },
      { nowMs: 20_000, alerts: [down('b'), up('c')] },
      { nowMs: 29_999 },
      { nowMs: 30_000 },
      { nowMs: 60_000 },
    ]);
    expect(groups).toEqual([
      [30_000, { kind: 'alerts', alerts: [down('a'), down('b')] }],
      [30_000, { kind: 'alerts', alerts: [up('c')] }],
    ]);
  });

  it('says when it has to be asked again', () => {
    const first = stepGrouping(NO_ALERTS, { ...nothing, nowMs: 1_000, alerts: [down('a')] });
    expect(first.wakeAtMs).toBe(31_000);
    const second = stepGrouping(first.grouping, { ...nothing, nowMs: 20_000, alerts: [down('b')] });
    expect(second.wakeAtMs).toBe(31_000);
    expect(stepGrouping(second.grouping, { ...nothing, nowMs: 31_000 }).wakeAtMs).toBeNull();
  });

  it('does not mention a source that went down and came back meanwhile', () => {
    expect(
      sent([{ nowMs: 0, alerts: [down('a')] }, { nowMs: 5_000, alerts: [up('a')] }, { nowMs: 60_000 }]),
    ).toEqual([]);
  });

  it('sends one message when more than half are down, and one when that is over', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const groups = sent([
      { nowMs: 0, total: 10, alerts: names.map((name) => down(name)), down: names },
      { nowMs: 30_000, total: 10, down: names },
      { nowMs: 40_000, total: 10, alerts: [down('g')], down: [...names, 'g'] },
      { nowMs: 70_000, total: 10, down: [...names, 'g'] },
      { nowMs: 90_000, total: 10, alerts: names.map((name) => up(name)), down: ['g'] },
      { nowMs: 120_000, total: 10, down: ['g'] },
      { nowMs: 130_000, total: 10, alerts: [up('g')] },
      { nowMs: 160_000, total: 10 },
    ]);
    expect(groups).toEqual([
      [30_000, { kind: 'most_down', down: names, total: 10 }],
      [120_000, { kind: 'most_down_over', down: ['g'], total: 10 }],
      [160_000, { kind: 'alerts', alerts: [up('g')] }],
    ]);
  });

  it('names one or two sources, even when they are all there are', () => {
    const groups = sent([
      { nowMs: 0, total: 2, alerts: [down('a'), down('b')], down: ['a', 'b'] },
      { nowMs: 30_000, total: 2, down: ['a', 'b'] },
    ]);
    expect(groups).toEqual([[30_000, { kind: 'alerts', alerts: [down('a'), down('b')] }]]);
  });

  it('ends the message about most of them when sources are removed', () => {
    const grouping: Grouping = { ...NO_ALERTS, mostDown: true };
    expect(stepGrouping(grouping, { ...nothing, nowMs: 0, down: ['a'], total: 3 }).groups).toEqual([
      { kind: 'most_down_over', down: ['a'], total: 3 },
    ]);
  });

  it('never sends more messages than alerts came, and nothing without any', () => {
    const anyAlert = fc
      .tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.boolean())
      .map(([source, isDown]) => (isDown ? down(source) : up(source)));
    fc.assert(
      fc.property(fc.array(fc.array(anyAlert, { maxLength: 4 }), { maxLength: 20 }), (series) => {
        const steps = series.map((alerts, index) => ({ nowMs: index * 20_000, alerts }));
        const count = series.flat().length;
        expect(sent([...steps, { nowMs: 10_000_000 }]).length).toBeLessThanOrEqual(count);
      }),
    );
  });
});

describe('the text of alerts', () => {
  it('names source, cause and time', () => {
    const texts = (['down', 'up'] as const).map((kind) =>
      describeAlerts({ kind: 'alerts', alerts: [kind === 'down' ? down('news') : up('news')] }),
    );
    expect(texts).toEqual([
      {
        level: 'error',
        message: 'Source news is down after 3 failed cycles: timeout',
        detail: 'no headers in 20 s',
      },
      { level: 'success', message: 'Source news is up again after 10m', detail: '' },
    ]);
  });

  it('lists up to ten sources and counts the rest', () => {
    const [first, ...others] = Array.from({ length: 12 }, (_, index) => down(`s${index}`));
    const group: AlertGroup = { kind: 'alerts', alerts: [first as SourceAlert, ...others] };
    expect(describeAlerts(group).message).toBe(
      '12 sources are down: s0, s1, s2, s3, s4, s5, s6, s7, s8, s9 and 2 more',
    );
    expect(describeAlerts({ kind: 'most_down', down: ['a', 'b', 'c'], total: 5 }).message).toBe(
      '3 of 5 sources are down',
    );
    expect(describeAlerts({ kind: 'most_down_over', down: [], total: 5 }).message).toBe(
      'Most of the 5 sources are up again, all are up',
    );
  });

  it('says that we are offline, and for how long we were', () => {
    expect(describeOwnOutage(0, null)).toMatchObject({ level: 'error' });
    expect(describeOwnOutage(0, 7_200_000).message).toBe('Sites can be reached again after 2h');
  });
});
