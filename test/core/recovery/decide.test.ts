import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MEDIA_CAUSES, type MediaCause } from '../../../core/causes.js';
import { streamRecoverySchema } from '../../../core/config/stream.js';
import { decide, FULL_BUDGET, type Budget, type Decision } from '../../../core/recovery/decide.js';
import { streamPolicy } from '../../../core/recovery/policy.js';

const policy = streamPolicy(streamRecoverySchema.parse({}));
const anyCause = fc.constantFrom(...(Object.keys(MEDIA_CAUSES) as MediaCause[]));

/** Feeds the same short-lived failure again and again and writes down what is decided. */
function series(cause: MediaCause, times: number, recovery: object = {}): string[] {
  const rules = streamPolicy(streamRecoverySchema.parse(recovery));
  let budget: Budget = FULL_BUDGET;
  return Array.from({ length: times }, () => {
    const decision = decide(rules, { cause, healthyMs: 0 }, budget);
    budget = decision.budget;
    return words(decision);
  });
}

function words(decision: Decision): string {
  switch (decision.action) {
    case 'retry':
      return `retry ${decision.delayMs}${decision.freshSource ? ' fresh' : ''}`;
    case 'wait':
      return decision.for === 'connection'
        ? `wait ${decision.maxWaitMs} early=${decision.earlyReturn} from ${decision.notBeforeMs}`
        : `wait ${decision.for}`;
    case 'stop_branch':
      return 'stop branch';
    case 'fail':
      return `fail after ${decision.attempts}`;
  }
}

describe('decide for streams', () => {
  it('retries a lost connection at once, after 1 s and after 2 s, then waits 120 s, and so on without limit', () => {
    expect(series('network_disconnect', 8)).toEqual([
      'retry 0',
      'retry 1000',
      'retry 2000',
      'wait 120000 early=true from 0',
      'retry 0',
      'retry 1000',
      'retry 2000',
      'wait 120000 early=true from 1000',
    ]);
  });

  it('is the plain two-minute rule without quick retries and early return', () => {
    expect(series('stream_timeout', 3, { quick_retries: 0, early_return: false })).toEqual([
      'wait 120000 early=false from 0',
      'wait 120000 early=false from 1000',
      'wait 120000 early=false from 2000',
    ]);
  });

  it('retries HTTP errors every 2 s without limit, with a fresh URL at every fifth', () => {
    expect(series('http_error', 6)).toEqual([
      'retry 2000',
      'retry 2000',
      'retry 2000',
      'retry 2000',
      'retry 2000 fresh',
      'retry 2000',
    ]);
  });

  it('takes a fresh URL at once when the old one has expired', () => {
    expect(series('url_expired', 6)).toEqual([
      'retry 0 fresh',
      'retry 0 fresh',
      'retry 1000 fresh',
      'retry 2000 fresh',
      'wait 120000 early=true from 0',
      'retry 0 fresh',
    ]);
    expect(series('url_expired', 2, { quick_retries: 0, early_return: false })).toEqual([
      'retry 0 fresh',
      'wait 120000 early=false from 0',
    ]);
  });

  it('gives up on crashes after three retries, 5 s apart', () => {
    expect(series('crashed', 4)).toEqual(['retry 5000', 'retry 5000', 'retry 5000', 'fail after 3']);
  });

  it('retries buffer underruns after 1 s and encoder hiccups twice', () => {
    expect(series('buffer_underrun', 4)).toEqual(['retry 1000', 'retry 1000', 'retry 1000', 'fail after 3']);
    expect(series('encoder_hiccup', 3)).toEqual(['retry 5000', 'retry 5000', 'fail after 2']);
  });

  it('turns every retry into a failure when auto_restart is off', () => {
    expect(series('network_disconnect', 1, { auto_restart: false })).toEqual(['fail after 0']);
  });

  it('counts the attempt that an incident ended with those of the same budget', () => {
    const attempts = (causes: readonly MediaCause[]) => {
      let budget: Budget = FULL_BUDGET;
      return causes.map((cause) => {
        const decision = decide(policy, { cause, healthyMs: 0 }, budget);
        budget = decision.budget;
        return decision.attempt;
      });
    };
    const lost = Array<MediaCause>(5).fill('network_disconnect');
    expect(attempts(['http_error', 'http_error', ...lost, 'http_error'])).toEqual([1, 2, 1, 2, 3, 4, 1, 1]);
    expect(attempts(['crashed', 'crashed', 'crashed', 'crashed'])).toEqual([1, 2, 3, 4]);
    expect(attempts(['url_expired', 'not_live', 'storage_full', 'unauthorized'])).toEqual([1, 1, 1, 1]);
  });

  it('obeys a longer pause that the site asked for', () => {
    const decision = decide(policy, { cause: 'http_error', healthyMs: 0, retryAfterMs: 90_000 }, FULL_BUDGET);
    expect(words(decision)).toBe('retry 90000');
  });

  it('gives the budget back after reset_after of healthy running and not before', () => {
    const used: Budget = { attempts: { connection: 3 }, fruitlessWaits: 2 };
    const early = decide(policy, { cause: 'network_disconnect', healthyMs: 59_999 }, used);
    const late = decide(policy, { cause: 'network_disconnect', healthyMs: 60_000 }, used);
    expect(words(early)).toBe('wait 120000 early=true from 0');
    expect(words(late)).toBe('retry 0');
  });

  it('never gives a stream up over lost connections, whatever the order of incidents', () => {
    const connectionCause = fc.constantFrom<MediaCause>(
      'network_disconnect',
      'stream_timeout',
      'http_error',
      'url_expired',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(connectionCause, fc.nat(200_000)), { maxLength: 60 }), (incidents) => {
        let budget = FULL_BUDGET;
        for (const [cause, healthyMs] of incidents) {
          const decision = decide(policy, { cause, healthyMs }, budget);
          expect(['retry', 'wait']).toContain(decision.action);
          budget = decision.budget;
        }
      }),
    );
  });

  it('never plans a retry storm: a dead source is tried at most five times in any 10 s', () => {
    let budget = FULL_BUDGET;
    let clockMs = 0;
    const attempts: number[] = [];
    for (let i = 0; i < 200; i += 1) {
      const decision = decide(policy, { cause: 'network_disconnect', healthyMs: 0 }, budget);
      budget = decision.budget;
      if (decision.action === 'retry') clockMs += decision.delayMs;
      else if (decision.action === 'wait' && decision.for === 'connection') clockMs += decision.maxWaitMs;
      attempts.push(clockMs);
    }
    for (const start of attempts) {
      expect(attempts.filter((at) => at >= start && at < start + 10_000).length).toBeLessThanOrEqual(5);
    }
  });

  it('decides something for every cause and every budget, with delays that are never negative', () => {
    fc.assert(
      fc.property(
        anyCause,
        fc.nat(),
        fc.dictionary(fc.string(), fc.nat(50)),
        (cause, healthyMs, attempts) => {
          const decision = decide(policy, { cause, healthyMs }, { attempts, fruitlessWaits: 3 });
          if (decision.action === 'retry') expect(decision.delayMs).toBeGreaterThanOrEqual(0);
          expect(words(decision)).not.toBe('');
        },
      ),
    );
  });
});
