import { pino } from 'pino';
import { RobotsRules } from '../../../activities/fetch/index.js';
import { SiteLimiter } from '../../../activities/resolve/index.js';
import { Canaries, OutageWatch, runCycle, type CycleDeps } from '../../../activities/source-cycle/index.js';
import { NEW_SOURCE, type CycleResult, type SourceMemory } from '../../../core/source-cycle/index.js';
import type { Store } from '../../../store/index.js';

export interface DepsOptions {
  readonly canaries?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly contact?: string;
}

/** What the cycles of one fetcher share, over a real store; the limiter does not make tests wait. */
export function fetcherOf(store: Store, { canaries = [], env = {}, contact }: DepsOptions = {}): CycleDeps {
  const logger = pino({ level: 'silent' });
  const outage = new OutageWatch({ store, logger, canaries: new Canaries(canaries, env, 'holdfast-test/1') });
  const limiter = new SiteLimiter({ settings: { minSpacingMs: 0, concurrency: 100 } });
  return { store, limiter, robots: new RobotsRules(), outage, env, version: '0.0.0', contact };
}

export interface Cycle {
  readonly id?: string;
  readonly attempt?: number;
  readonly attempts?: number;
  readonly memory?: SourceMemory;
  readonly signal?: AbortSignal;
}

let count = 0;

/** One attempt of a cycle, as Temporal would ask for it. */
export async function cycleOf(
  deps: CycleDeps,
  config: { readonly id: string } & Record<string, unknown>,
  { id, attempt = 1, attempts = 3, memory = NEW_SOURCE, signal = new AbortController().signal }: Cycle = {},
): Promise<CycleResult> {
  count += 1;
  const cycleId = id ?? `source/${config.id}:first:${count}`;
  const input = { config: { allow_private: true, ...config }, cycleId, attempts, memory };
  const cycleAtMs = Date.now();
  return await runCycle(input, deps, { attempt, cycleAtMs, signal, heartbeat: () => undefined });
}

/** What a cycle fails with, in short; fails itself when the cycle does not. */
export async function failureOf(cycle: Promise<CycleResult>): Promise<{
  readonly cause: string;
  readonly message: string;
  readonly isFinal: boolean;
  readonly memory: SourceMemory | null;
}> {
  const failure = await cycle.then(
    (result) => Promise.reject(new Error(`should have failed: ${JSON.stringify(result)}`)),
    (error: unknown) =>
      error as { type: string; message: string; nonRetryable: boolean; details?: { memory: SourceMemory }[] },
  );
  const { type, message, nonRetryable, details } = failure;
  return { cause: type, message, isFinal: nonRetryable, memory: details?.[0]?.memory ?? null };
}
