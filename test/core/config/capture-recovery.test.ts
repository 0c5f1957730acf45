import { describe, expect, it } from '@jest/globals';
import {
  captureRecoverySchema,
  outputRecoverySchema,
  recoveryOfOutput,
  retriesOfCause,
  TUNABLE_CAUSES,
} from '../../../core/config/capture-recovery.js';

describe('retries of a capture', () => {
  it('follow the documented table by default', () => {
    const recovery = captureRecoverySchema.parse({});
    const table = Object.fromEntries(
      TUNABLE_CAUSES.map((cause) => {
        const { maxRetries, retryDelayMs } = retriesOfCause(recovery, cause);
        return [cause, [maxRetries, retryDelayMs]];
      }),
    );
    expect(table).toEqual({
      network_disconnect: [3, 5_000],
      stream_timeout: [3, 5_000],
      http_error: [3, 5_000],
      url_expired: [3, 5_000],
      buffer_underrun: [3, 1_000],
      encoder_hiccup: [2, 5_000],
      crashed: [3, 5_000],
      unknown: [3, 5_000],
    });
  });

  it('follow the instance where nothing is said of the cause, and the cause where something is', () => {
    const recovery = captureRecoverySchema.parse({
      max_retries: 9,
      retry_delay: '2s',
      causes: { encoder_hiccup: { max_retries: 7 }, buffer_underrun: { retry_delay: '3s' } },
    });
    expect(retriesOfCause(recovery, 'crashed')).toEqual({ maxRetries: 9, retryDelayMs: 2_000 });
    expect(retriesOfCause(recovery, 'encoder_hiccup')).toEqual({ maxRetries: 7, retryDelayMs: 2_000 });
    expect(retriesOfCause(recovery, 'buffer_underrun')).toEqual({ maxRetries: 9, retryDelayMs: 3_000 });
  });

  it.each([0, 1, 2, 3, 9])('are never more than the %d that were asked for', (maxRetries) => {
    const recovery = captureRecoverySchema.parse({ max_retries: maxRetries });
    for (const cause of TUNABLE_CAUSES) {
      const expected = cause === 'encoder_hiccup' ? Math.min(2, maxRetries) : maxRetries;
      expect(retriesOfCause(recovery, cause).maxRetries).toBe(expected);
    }
  });

  it('of an output are its own, key by key, over those of the capture', () => {
    const capture = captureRecoverySchema.parse({ max_retries: 9, restart_on_signal: false });
    expect(recoveryOfOutput(capture, undefined)).toEqual(capture);
    const output = outputRecoverySchema.parse({ retry_delay: '1s' });
    expect(recoveryOfOutput(capture, output)).toEqual({ ...capture, retry_delay: 1_000 });
  });

  it.each<[string, object, object]>([
    ['says nothing', {}, { maxRetries: 10, retryDelayMs: 2_000 }],
    ['has other retries for all causes', { max_retries: 0 }, { maxRetries: 0, retryDelayMs: 2_000 }],
    ['has another pause for all causes', { retry_delay: '7s' }, { maxRetries: 10, retryDelayMs: 7_000 }],
    [
      'has other retries for the cause',
      { causes: { network_disconnect: { max_retries: 1 } } },
      { maxRetries: 1, retryDelayMs: 2_000 },
    ],
    [
      'has another pause for the cause, and other retries for all',
      { max_retries: 4, causes: { network_disconnect: { retry_delay: '9s' } } },
      { maxRetries: 4, retryDelayMs: 9_000 },
    ],
    [
      'has retries for the cause and others for all',
      { max_retries: 4, causes: { network_disconnect: { max_retries: 6 } } },
      { maxRetries: 6, retryDelayMs: 2_000 },
    ],
  ])('after a cause that the capture names are those of an output that %s', (_what, keys, expected) => {
    const capture = captureRecoverySchema.parse({
      causes: {
        network_disconnect: { max_retries: 10, retry_delay: '2s' },
        crashed: { retry_delay: '1s' },
      },
    });
    const recovery = recoveryOfOutput(capture, outputRecoverySchema.parse(keys));
    expect(retriesOfCause(recovery, 'network_disconnect')).toEqual(expected);
  });

  it('after a cause that only the output names are those of the capture where it says nothing', () => {
    const capture = captureRecoverySchema.parse({
      retry_delay: '3s',
      causes: { crashed: { max_retries: 8 } },
    });
    const output = outputRecoverySchema.parse({ causes: { unknown: { max_retries: 0 } } });
    const recovery = recoveryOfOutput(capture, output);
    expect(retriesOfCause(recovery, 'unknown')).toEqual({ maxRetries: 0, retryDelayMs: 3_000 });
    expect(retriesOfCause(recovery, 'crashed')).toEqual({ maxRetries: 8, retryDelayMs: 3_000 });
  });
});
