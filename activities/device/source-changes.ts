import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { runProgram } from '../resolve/tool/run-program.js';
import { limited } from './limited.js';
import { inEnglish } from './probe-v4l2.js';
import type { ProbeContext } from './reading.js';

/** One listener lives this long at most, so that it soon follows a worker that was killed. */
const LISTEN_MS = 60_000;
/** A source that is being plugged in sends a burst; each look costs a process. */
const PAUSE_AFTER_EVENT_MS = 200;
/** A device that is not there, or a driver that fails, is asked again after this long. */
const PAUSE_AFTER_FAILURE_MS = 30_000;

export interface SourceChangeOptions extends ProbeContext {
  readonly device: string;
  /** The driver says that something about its source has changed. */
  readonly onChange: () => void;
  readonly logger: Pick<Logger, 'debug'>;
}

/**
 * Listens for source changes of a V4L2 device until the signal is aborted. It only ever makes the probe look earlier: a
 * driver without such events, or a failure, changes nothing. Never throws.
 */
export async function followSourceChanges(options: SourceChangeOptions): Promise<void> {
  const { device, onChange, logger, signal } = options;
  try {
    while (!signal.aborted) {
      const news = await listenOnce(options);
      if (news === 'unsupported') {
        logger.debug({ device }, 'the driver sends no source changes');
        return;
      }
      if (news === 'changed') onChange();
      if (news === 'quiet') continue;
      const pauseMs = news === 'changed' ? PAUSE_AFTER_EVENT_MS : PAUSE_AFTER_FAILURE_MS;
      await sleep(pauseMs, undefined, { signal, ref: false });
    }
  } catch (error) {
    if (!signal.aborted) logger.debug({ device, error: String(error) }, 'source changes cannot be followed');
  }
}

/** Waits for one event: v4l2-ctl ends after the first. */
async function listenOnce({
  device,
  ...context
}: SourceChangeOptions): Promise<'changed' | 'quiet' | 'unsupported' | 'failed'> {
  const { env, signal } = inEnglish(context);
  const argv = ['v4l2-ctl', '--device', device, '--wait-for-event=source_change=0'];
  const startedAtMs = performance.now();
  const end = await runProgram({ argv: limited(argv, LISTEN_MS), env, timeoutMs: 2 * LISTEN_MS, signal });
  if (/\bsource_change: /.test(end.stdout)) return 'changed';
  if (/VIDIOC_SUBSCRIBE_EVENT: failed/.test(end.stdout)) return 'unsupported';
  // Only a listener that has lived its whole life may be followed by the next one at once.
  return performance.now() - startedAtMs >= LISTEN_MS / 2 && end.exitCode !== 0 ? 'quiet' : 'failed';
}
