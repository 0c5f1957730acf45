import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import picocolors from 'picocolors';
import { chooseRows, renderLiveFrame } from '../../../../client/cli/view/live-view.js';
import { happeningsBetween, renderHappening } from '../../../../client/cli/view/state-changes.js';
import { cellsOf } from '../../../../client/cli/view/text-width.js';
import { STATES, type State } from '../../../../core/states.js';
import { branchView, instanceView } from '../../../support/instance-views.js';

const colours = picocolors.createColors(false);
const nowMs = Date.parse('2026-03-01T12:03:05.000Z');
const frame = {
  header: ['recordings  /data'],
  happenings: [],
  problem: null,
  width: 100,
  height: 24,
  nowMs,
  colours,
};

describe('a frame of the live view', () => {
  it('shows totals, rows with state, time and detail', () => {
    const instances = [
      instanceView('stream/a', 'running'),
      instanceView('stream/b', 'retrying', {
        branches: [],
      }),
    ];
    const lines = renderLiveFrame({ ...frame, instances });
    expect(lines[0]).toBe('recordings  /data');
    expect(lines[1]).toBe('2 instances: 1 retrying, 1 running');
    expect(lines[3]).toMatch(/^ID +STATE +FOR +UP +RETRIES +HOST +DETAIL$/);
    expect(lines[4]).toMatch(/^stream\/a +running +3m 05s +3m 05s +0 +studio-1/);
    expect(lines[5]).toMatch(/^stream\/b +retrying .* retrying in words$/);
  });

  it('shows those in trouble when not all rows fit, and how many are hidden', () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      instanceView(`stream/s${String(index).padStart(3, '0')}`, index === 150 ? 'error' : 'running'),
    );
    const lines = renderLiveFrame({ ...frame, instances: many, height: 20 });
    expect(lines).toHaveLength(17);
    expect(lines[1]).toMatch(/^200 instances: 1 error, 199 running \(188 not shown\)$/);
    expect(lines[4]).toMatch(/^stream\/s150 +error/);
    expect(chooseRows(many, 200)).toEqual(many);
  });

  it('is never higher or wider than the terminal', () => {
    const instance = fc
      .tuple(fc.stringMatching(/^stream\/[a-z]{1,8}$/), fc.constantFrom(...STATES))
      .map(([id, state]) => instanceView(id, state));
    const happening = fc.record({
      at: fc.constant('2026-03-01T12:00:00.000Z'),
      id: fc.stringMatching(/^stream\/[a-z]{1,8}$/),
      kind: fc.constantFrom('state' as const, 'incident' as const),
      state: fc.constantFrom(...STATES),
      text: fc.string({ maxLength: 300 }),
    });
    fc.assert(
      fc.property(
        fc.array(instance, { maxLength: 50 }),
        fc.array(happening, { maxLength: 30 }),
        fc.integer({ min: 60, max: 200 }),
        fc.integer({ min: 5, max: 60 }),
        (instances, happenings, width, height) => {
          const lines = renderLiveFrame({
            ...frame,
            instances,
            happenings,
            width,
            height,
            problem: 'no answer',
          });
          expect(lines.length).toBeLessThanOrEqual(height);
          for (const line of lines) expect(cellsOf(line)).toBeLessThanOrEqual(width);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('what happened between two snapshots', () => {
  const at = '2026-03-01T12:03:05.000Z';

  it('is every instance at first, then only new states', () => {
    const running = instanceView('stream/a', 'running');
    expect(happeningsBetween(null, [running], at)).toHaveLength(1);
    expect(happeningsBetween([running], [running], at)).toEqual([]);
    const paused = instanceView('stream/a', 'paused');
    expect(happeningsBetween([running], [paused], at)).toMatchObject([{ id: 'stream/a', state: 'paused' }]);
  });

  it('names the branch of a capture that has a new state, unless the capture itself says the same', () => {
    const since = '2026-03-01T12:03:00.000Z';
    const captureView = (state: State, branches: readonly [string, State][]) =>
      instanceView('capture/x', state, {
        branches: branches.map(([name, branchState]) => branchView(name, branchState, { since })),
      });
    const starting = captureView('starting', [
      ['ingest', 'starting'],
      ['tape', 'starting'],
    ]);
    const running = captureView('running', [
      ['ingest', 'running'],
      ['tape', 'running'],
    ]);
    const degraded = captureView('degraded', [
      ['ingest', 'running'],
      ['tape', 'stopped'],
    ]);
    expect(happeningsBetween(null, [running], at)).toHaveLength(1);
    expect(happeningsBetween([starting], [running], at)).toHaveLength(1);
    const lines = happeningsBetween([running], [degraded], at).map((happening) =>
      renderHappening(happening, nowMs, colours),
    );
    expect(lines).toContain('12:00:00Z capture/x degraded: degraded in words');
    expect(lines).toContain('12:03:00Z capture/x tape: stopped (tape in words)');
    expect(lines).toHaveLength(2);
  });

  it('includes incidents that came and went in between', () => {
    const before = instanceView('stream/a', 'running');
    const incident = {
      at: '2026-03-01T12:03:04.000Z',
      branch: 'recording',
      cause: 'network_disconnect',
      detail: 'connection reset by peer',
      action: 'retry 1/3 at once',
      attempt: 1,
    } as const;
    const { status } = before;
    if (status === null) throw new Error('the view has a status');
    const after = { ...before, status: { ...status, incidents: [incident], incidentCount: 1 } };
    expect(happeningsBetween([before], [after], at)).toEqual([
      {
        at: incident.at,
        id: 'stream/a',
        kind: 'incident',
        state: 'running',
        text: 'recording: network_disconnect, connection reset by peer; retry 1/3 at once',
      },
    ]);
  });
});
