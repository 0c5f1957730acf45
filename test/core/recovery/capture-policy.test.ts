import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MEDIA_CAUSES, type MediaCause } from '../../../core/causes.js';
import { captureRecoverySchema, recoveryOfOutput } from '../../../core/config/capture-recovery.js';
import { decide, FULL_BUDGET, type Budget } from '../../../core/recovery/decide.js';
import { capturePolicy } from '../../../core/recovery/policy.js';

const CAUSES = Object.keys(MEDIA_CAUSES) as MediaCause[];

/** What is decided about the same failure again and again until it is no retry. */
function series(cause: MediaCause, role: 'ingest' | 'output', recovery: object = {}): string[] {
  const policy = capturePolicy(captureRecoverySchema.parse(recovery), role);
  let budget: Budget = FULL_BUDGET;
  const decisions: string[] = [];
  for (;;) {
    const decision = decide(policy, { cause, healthyMs: 0 }, budget);
    budget = decision.budget;
    if (decision.action !== 'retry') {
      return [...decisions, decision.action === 'wait' ? `wait for ${decision.for}` : decision.action];
    }
    decisions.push(`${decision.delayMs}`);
  }
}

describe('decide for captures', () => {
  it('retries as the table of causes says, with a fixed pause and no backoff', () => {
    for (const role of ['ingest', 'output'] as const) {
      for (const cause of ['network_disconnect', 'stream_timeout', 'crashed', 'unknown'] as const) {
        expect(series(cause, role)).toEqual(['5000', '5000', '5000', 'fail']);
      }
      expect(series('buffer_underrun', role)).toEqual(['1000', '1000', '1000', 'fail']);
      expect(series('encoder_hiccup', role)).toEqual(['5000', '5000', 'fail']);
    }
  });

  it('waits for a lost signal on the ingest; an output has none to lose', () => {
    expect(series('signal_lost', 'ingest')).toEqual(['wait for signal']);
    expect(series('signal_lost', 'output')).toEqual(['5000', '5000', '5000', 'fail']);
  });

  it('stops only the branch over storage, and fails at once over what a retry cannot mend', () => {
    for (const cause of ['storage_full', 'read_only_storage'] as const) {
      expect(series(cause, 'output')).toEqual(['stop_branch']);
    }
    const fatal = [
      'device_not_found',
      'invalid_pipeline',
      'encoder_failure',
      'permission_denied',
      'unauthorized',
    ];
    for (const cause of fatal as MediaCause[]) expect(series(cause, 'ingest')).toEqual(['fail']);
  });

  it('obeys max_retries, retry_delay and the keys of single causes', () => {
    const recovery = {
      max_retries: 1,
      retry_delay: 2,
      causes: { stream_timeout: { max_retries: 2 }, buffer_underrun: { retry_delay: '3s' } },
    };
    expect(series('network_disconnect', 'ingest', recovery)).toEqual(['2000', 'fail']);
    expect(series('stream_timeout', 'ingest', recovery)).toEqual(['2000', '2000', 'fail']);
    expect(series('buffer_underrun', 'ingest', recovery)).toEqual(['3000', 'fail']);
  });

  it('turns every retry into a failure when auto_restart is off', () => {
    for (const cause of ['network_disconnect', 'encoder_hiccup', 'crashed', 'buffer_underrun'] as const) {
      expect(series(cause, 'output', { auto_restart: false })).toEqual(['fail']);
    }
  });

  it('lets an output differ from its capture key by key', () => {
    const capture = captureRecoverySchema.parse({ max_retries: 5, retry_delay: 1 });
    const output = recoveryOfOutput(capture, { max_retries: 0 });
    expect(output).toMatchObject({ max_retries: 0, retry_delay: 1_000, auto_restart: true });
  });

  it('decides something for every cause, and gives every branch up in the end', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CAUSES), fc.constantFrom('ingest', 'output'), (cause, role) => {
        expect(series(cause, role).length).toBeLessThanOrEqual(4);
      }),
    );
  });
});
