import { describe, expect, it } from '@jest/globals';
import { captureState, detailOfOutput, type OutputState } from '../../core/capture-state.js';
import type { State } from '../../core/states.js';

const running = { state: 'running', detail: 'encoding' } as const;
const output = (name: string, state: State, isGone = false, detail = 'why'): OutputState => ({
  status: { name, state, detail },
  isGone,
});

describe('the state of a capture', () => {
  it('is that of the ingest as long as it does not run', () => {
    for (const state of [
      'starting',
      'retrying',
      'waiting_signal',
      'waiting_host',
      'paused',
      'stopped',
    ] as const) {
      const outputs = [output('live', 'error', true), output('tape', 'running')];
      expect(captureState({ state, detail: 'because' }, outputs)).toEqual({ state, detail: 'because' });
    }
  });

  it('is running while every output runs or is on its way', () => {
    const outputs = [output('live', 'running'), output('tape', 'starting'), output('old', 'stopping')];
    expect(captureState(running, outputs).state).toBe('running');
    expect(captureState(running, []).state).toBe('running');
  });

  it('is degraded while one of several outputs retries or was given up, naming it', () => {
    const outputs = [output('live', 'running'), output('tape', 'stopped', true, 'storage_full: disk full')];
    expect(captureState(running, outputs)).toEqual({
      state: 'degraded',
      detail: 'tape: stopped (storage_full: disk full)',
    });
    expect(captureState(running, [output('live', 'retrying'), output('tape', 'running')]).state).toBe(
      'degraded',
    );
  });

  it('is error only when all outputs were given up', () => {
    expect(
      captureState(running, [output('live', 'error', true), output('tape', 'stopped', true)]).state,
    ).toBe('error');
    expect(captureState(running, [output('live', 'error', true), output('tape', 'retrying')]).state).toBe(
      'degraded',
    );
  });

  it('lets an output say why it idles', () => {
    expect(detailOfOutput({ state: 'running', detail: 'streaming' }, { state: 'retrying' })).toBe(
      'idle: the ingest is retrying',
    );
    expect(detailOfOutput({ state: 'running', detail: 'streaming' }, running)).toBe('streaming');
    expect(detailOfOutput({ state: 'retrying', detail: '2/3' }, { state: 'retrying' })).toBe('2/3');
  });
});
