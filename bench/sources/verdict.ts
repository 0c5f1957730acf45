import type { FarmRequest } from './farm-messages.js';
import { kindOf, RECOVERABLE } from './kinds.js';
import type { Address } from './population.js';

/** What a pass over all sources has come to, as the sites saw it. */
export interface Pass {
  /** Until the last healthy source was answered; null when one was not. */
  readonly healthySeconds: number | null;
  /** Share of the recoverable sources that gave their items. */
  readonly recovered: number;
}

/** Reads the requests of a first pass that began at `beganAtMs`. */
export function passOf(
  requests: readonly FarmRequest[],
  addresses: readonly Address[],
  beganAtMs: number,
): Pass {
  const goodAtMs = new Map<string, number>();
  for (const { name, status, whole, endedAtMs } of requests) {
    if (whole && status === 200 && !goodAtMs.has(name)) goodAtMs.set(name, endedAtMs);
  }
  const names = addresses.map(({ name }) => name);
  const healthy = names.filter((name) => kindOf(name) === 'healthy');
  const recoverable = names.filter((name) => RECOVERABLE.some((kind) => kind === kindOf(name)));
  const isComplete = healthy.every((name) => goodAtMs.has(name));
  const lastMs = Math.max(...healthy.map((name) => goodAtMs.get(name) ?? 0));
  return {
    healthySeconds: isComplete ? (lastMs - beganAtMs) / 1_000 : null,
    recovered: recoverable.filter((name) => goodAtMs.has(name)).length / recoverable.length,
  };
}

/** Share of the healthy sources that were answered with 304 when they were asked again: `nth` is 2 in a log of two passes. */
export function unchangedShare(
  requests: readonly FarmRequest[],
  addresses: readonly Address[],
  nth: number,
): number {
  const healthy = addresses.filter(({ name }) => kindOf(name) === 'healthy');
  const unchanged = healthy.filter((address) => {
    const answers = requests.filter(({ name, whole }) => whole && name === address.name);
    return answers[nth - 1]?.status === 304;
  });
  return unchanged.length / healthy.length;
}
