import { setTimeout as sleep } from 'node:timers/promises';

/** From polite to certain: ffmpeg closes its files at the first, nothing survives the last. */
const LADDER = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const;
/** How often processes that cannot tell us their end are looked at while they are being stopped. */
const GONE_POLL_MS = 25;

/** Something that can be signalled until it is gone. */
export interface LadderTarget {
  signal(signal: NodeJS.Signals): void | Promise<void>;
  isGone(): boolean;
}

/**
 * Goes down the ladder, one step each `stepMs` (the first `firstStepMs`), until the target is gone. False when even SIGKILL did not help in that time:
 * the process hangs in the kernel, usually on a dead disk or device.
 */
export async function stopByLadder(
  target: LadderTarget,
  stepMs: number,
  firstStepMs: number = stepMs,
): Promise<boolean> {
  for (const [index, signal] of LADDER.entries()) {
    if (target.isGone()) return true;
    await target.signal(signal);
    if (await goneWithin(target, index === 0 ? firstStepMs : stepMs)) return true;
  }
  return false;
}

async function goneWithin(target: LadderTarget, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!target.isGone()) {
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) return false;
    await sleep(Math.min(GONE_POLL_MS, leftMs));
  }
  return true;
}
