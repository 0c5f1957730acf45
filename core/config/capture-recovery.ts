import { z } from 'zod';
import { duration } from './duration.js';

const retries = z.number().int().min(0).max(10_000);
const delay = duration({ minMs: 0, maxMs: 86_400_000 });

/** Causes whose retries can be set one by one. */
export const TUNABLE_CAUSES = [
  'network_disconnect',
  'stream_timeout',
  'http_error',
  'url_expired',
  'buffer_underrun',
  'encoder_hiccup',
  'crashed',
  'unknown',
] as const;
export type TunableCause = (typeof TUNABLE_CAUSES)[number];

const causeSchema = z.strictObject({
  max_retries: retries
    .optional()
    .describe('Retries after this cause; at most 2 for `encoder_hiccup`, else as `max_retries`.'),
  retry_delay: delay
    .optional()
    .describe('Pause before each; 1s for `buffer_underrun`, else as `retry_delay`.'),
});

const autoRestart = z.boolean();
const resetAfter = duration({ minMs: 0 });
const causes = z.partialRecord(z.enum(TUNABLE_CAUSES), causeSchema);
const causesText = 'Retries for single causes, e.g. `{ buffer_underrun: { retry_delay: 2s } }`.';

/** Recovery of a capture, and of its outputs unless they say otherwise. */
export const captureRecoverySchema = z.strictObject({
  auto_restart: autoRestart.default(true).describe('False turns every retry into a stop with a notice.'),
  max_retries: retries.default(3).describe('Retries in a row after a transient failure.'),
  retry_delay: delay.default(5_000).describe('Pause before each retry; it does not grow.'),
  restart_on_signal: z
    .boolean()
    .default(true)
    .describe('Start again by itself when the signal is back; otherwise wait for `resume`.'),
  reset_after: resetAfter
    .default(60_000)
    .describe('Healthy running for this long gives every budget of retries back.'),
  causes: causes.default({}).describe(causesText),
});

/** What an output does otherwise than its capture. */
export const outputRecoverySchema = z
  .strictObject({
    auto_restart: autoRestart.optional().describe('As that of the capture.'),
    max_retries: retries.optional().describe('As that of the capture.'),
    retry_delay: delay.optional().describe('As that of the capture.'),
    reset_after: resetAfter.optional().describe('As that of the capture.'),
    causes: causes.optional().describe(causesText),
  })
  .describe('Overrides the recovery of the capture for this output, key by key.');

export type OutputRecoveryConfig = z.output<typeof outputRecoverySchema>;

/**
 * Recovery that holds for an output: its own keys over those of the capture. What it says of all causes outranks what the capture says
 * of a single one.
 */
export function recoveryOfOutput(
  capture: CaptureRecoveryConfig,
  output: OutputRecoveryConfig | undefined,
): CaptureRecoveryConfig {
  return {
    ...capture,
    auto_restart: output?.auto_restart ?? capture.auto_restart,
    max_retries: output?.max_retries ?? capture.max_retries,
    retry_delay: output?.retry_delay ?? capture.retry_delay,
    reset_after: output?.reset_after ?? capture.reset_after,
    causes: causesOfOutput(capture, output),
  };
}

function causesOfOutput(
  capture: CaptureRecoveryConfig,
  output: OutputRecoveryConfig | undefined,
): CaptureRecoveryConfig['causes'] {
  if (output === undefined) return capture.causes;
  const merged = { ...capture.causes, ...output.causes };
  for (const cause of TUNABLE_CAUSES) {
    const [inherited, own] = [capture.causes[cause], output.causes?.[cause]];
    if (inherited === undefined) continue;
    const maxRetries =
      own?.max_retries ?? (output.max_retries === undefined ? inherited.max_retries : undefined);
    const retryDelay =
      own?.retry_delay ?? (output.retry_delay === undefined ? inherited.retry_delay : undefined);
    merged[cause] = {
      ...(maxRetries === undefined ? {} : { max_retries: maxRetries }),
      ...(retryDelay === undefined ? {} : { retry_delay: retryDelay }),
    };
  }
  return merged;
}

export type CaptureRecoveryConfig = z.output<typeof captureRecoverySchema>;

/** How often and after which pause is retried; single causes may differ. A stream says nothing of single causes. */
export type RetrySettings = Pick<CaptureRecoveryConfig, 'max_retries' | 'retry_delay'> &
  Partial<Pick<CaptureRecoveryConfig, 'causes'>>;

/** Where a single cause differs from `max_retries` and `retry_delay` unless the configuration says otherwise. */
const CAUSE_DEFAULTS: Partial<Record<TunableCause, { atMost?: number; retryDelayMs?: number }>> = {
  buffer_underrun: { retryDelayMs: 1_000 },
  encoder_hiccup: { atMost: 2 },
};

/**
 * Retries and pause that hold for a cause: set for the cause, else its default, else that of the instance. Whoever wants fewer retries
 * than a cause has by default gets fewer: `max_retries: 0` means none.
 */
export function retriesOfCause(
  recovery: RetrySettings,
  cause: TunableCause,
): { readonly maxRetries: number; readonly retryDelayMs: number } {
  const own = recovery.causes?.[cause];
  const byDefault = CAUSE_DEFAULTS[cause];
  return {
    maxRetries: own?.max_retries ?? Math.min(recovery.max_retries, byDefault?.atMost ?? Infinity),
    retryDelayMs: own?.retry_delay ?? byDefault?.retryDelayMs ?? recovery.retry_delay,
  };
}
