import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { planApply, type ExistingInstance, type PlanOptions } from '../../../client/library/plan-apply.js';

const options: PlanOptions = { prune: false, startStopped: true, normalise: (_kind, config) => config };
const desired = (name: string, config: unknown = { id: name }) => ({ kind: 'stream', name, config });
const existing = (name: string, more: Partial<ExistingInstance> = {}): ExistingInstance => ({
  id: `stream/${name}`,
  open: true,
  completed: false,
  config: { id: name },
  problem: null,
  ...more,
});

describe('planApply', () => {
  it.each([
    { what: 'a new one', exists: [], expected: 'start' },
    { what: 'a running one with the same config', exists: [existing('a')], expected: 'unchanged' },
    {
      what: 'a running one with another config',
      exists: [existing('a', { config: { id: 'a', watch: true } })],
      expected: 'reconfigure',
    },
    {
      what: 'one that cannot be read',
      exists: [existing('a', { problem: 'no worker answers' })],
      expected: 'unclear',
    },
    {
      what: 'one that was stopped',
      exists: [existing('a', { open: false, completed: true })],
      expected: 'start',
    },
    { what: 'one that has failed', exists: [existing('a', { open: false })], expected: 'start' },
  ])('decides $expected for $what', ({ exists, expected }) => {
    expect(planApply([desired('a')], exists, options)[0]?.action).toBe(expected);
  });

  it('leaves what a person has stopped, unless its config has changed, when it goes on where it was', () => {
    const stopped = existing('a', { open: false, completed: true });
    const goOn = { ...options, startStopped: false };
    expect(planApply([desired('a')], [stopped], goOn)[0]?.action).toBe('stays_stopped');
    expect(planApply([desired('a', { id: 'a', watch: true })], [stopped], goOn)[0]?.action).toBe('start');
    expect(planApply([desired('a')], [{ ...stopped, completed: false }], goOn)[0]?.action).toBe('start');
  });

  it('stops what is absent only with prune, and never what is closed', () => {
    const absent = [existing('b'), existing('c', { open: false, completed: true })];
    const actions = (prune: boolean) =>
      planApply([], absent, { ...options, prune }).map(({ id, action }) => [id, action]);
    expect(actions(false)).toEqual([['stream/b', 'left']]);
    expect(actions(true)).toEqual([['stream/b', 'stop']]);
  });

  it('is idempotent: once carried out, nothing is left to do', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
    const config = fc.constantFrom({}, { watch: true });
    fc.assert(
      fc.property(names, names, config, config, fc.boolean(), (listed, running, wanted, current, prune) => {
        const file = listed.map((name) => desired(name, wanted));
        const first = planApply(
          file,
          running.map((name) => existing(name, { config: current })),
          { ...options, prune },
        );
        const after = first
          .filter(({ action }) => action !== 'stop')
          .map(({ id, desired: entry }) =>
            existing(id.slice('stream/'.length), { config: entry?.config ?? current }),
          );
        const second = planApply(file, after, { ...options, prune });
        expect(second.every(({ action }) => action === 'unchanged' || action === 'left')).toBe(true);
      }),
    );
  });
});
