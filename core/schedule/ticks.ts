import { placeWithin } from './phase.js';

/** When a source is fetched. Everything follows from these two, so a restart changes nothing. */
export interface Schedule {
  readonly id: string;
  readonly intervalMs: number;
}

/** Share of the interval by which each tick is moved, and the most it is moved. */
const JITTER = 0.1;
const JITTER_MAX_MS = 60_000;
/** No tick comes sooner after the last cycle than this share of the interval. */
const GAP = 0.5;

/**
 * The next instant to fetch, in epoch milliseconds: always after `nowMs`, so ticks that were missed are skipped and never made
 * up for, and never soon after the last cycle began, so that no cycle is made twice for one tick. Ticks stand on a grid that
 * follows from id and interval: they do not drift. Each is moved by up to a tenth of the interval.
 */
export function nextTickMs(schedule: Schedule, nowMs: number, lastBeganMs: number | null): number {
  const { id, intervalMs } = schedule;
  const phaseMs = placeWithin(id, intervalMs);
  const earliestMs = Math.max(nowMs, lastBeganMs === null ? nowMs : lastBeganMs + intervalMs * GAP);
  // Ticks are moved later only, so the first one that can come after `earliestMs` may stand before it.
  let tick = Math.floor((earliestMs - phaseMs) / intervalMs);
  let atMs = tickAtMs(schedule, phaseMs, tick);
  while (atMs <= earliestMs) atMs = tickAtMs(schedule, phaseMs, ++tick);
  return atMs;
}

function tickAtMs({ id, intervalMs }: Schedule, phaseMs: number, tick: number): number {
  const jitterMs = placeWithin(`${id} ${tick}`, Math.min(intervalMs * JITTER, JITTER_MAX_MS));
  return phaseMs + tick * intervalMs + jitterMs;
}
