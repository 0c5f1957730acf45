import { condition, log } from '@temporalio/workflow';
import { beginCycle, dropCycle, resetBreaker } from '../../core/source-cycle/index.js';
import { historyIsLong } from '../history.js';
import { sourceStatus } from '../proxies.js';
import { interruptibleWait } from '../waits.js';
import { makeCycle, type CycleEnding } from './cycle.js';
import type { MidCycleChange, SourceInstance } from './instance.js';
import { detailOf, stateOf, waitWords } from './words.js';

/** A cycle that is found this much too late was missed because nobody was there. */
const MISSED_AFTER_MS = 30_000;
/** After a cycle that was lost for a reason of ours, also where the source would be due at once. */
const OWN_FAULT_PAUSE_MS = 10_000;
/** Longer texts would make the history grow for nothing. */
const DETAIL_LENGTH_MAX = 300;

/** Fetches a source again and again, one cycle at a time, until it is stopped or its history is long enough. */
export async function liveSource(source: SourceInstance): Promise<'stopped' | 'rollover'> {
  const { control } = source;
  for (;;) {
    if (control.wish === 'stop') return await end(source);
    if (historyIsLong()) return 'rollover';
    control.restartTaken();
    if (source.forced) await cycle(source);
    else if (control.wish === 'pause') await pause(source);
    else if (await isDue(source)) await cycle(source);
  }
}

/** Waits for the next cycle; false when something else came first. */
async function isDue(source: SourceInstance): Promise<boolean> {
  const { control, memory, record } = source;
  const interrupts = control.interrupts;
  const nextMs = source.nextMs;
  const waitMs = nextMs - Date.now();
  if (waitMs > 0) source.enter(stateOf(memory), detailOf(memory, nextMs, record.incidents[0]), nextMs);
  const waited = await interruptibleWait(control, interrupts, waitMs, waitWords(memory, nextMs));
  if (waited === 'interrupted') return false;
  if (Date.now() - nextMs < MISSED_AFTER_MS) return true;
  source.planReturn();
  return false;
}

async function cycle(source: SourceInstance): Promise<void> {
  const { record, config } = source;
  const state = stateOf(source.memory);
  source.memory = beginCycle(config, source.memory, Date.now(), source.forced);
  source.beginFetch();
  record.beginRun((run) => `${source.workflowId}/${record.name}/${run}`);
  source.enter(state, 'fetching');
  const ending = await makeCycle(source, () => source.enter('waiting_host', 'no fetcher answers'));
  source.endFetch();
  record.runEnded();
  conclude(source, ending, source.takeMidCycleChange());
}

/** What a cycle has come to, and when the next one is made. */
function conclude(source: SourceInstance, ending: CycleEnding, change: MidCycleChange): void {
  if (change === 'reconfigured') return drop(source);
  switch (ending.kind) {
    case 'done':
      source.remember(ending.result.memory);
      if (source.failures === 0) source.record.retrying(0, null);
      return;
    case 'failed':
      source.remember(change === 'reset' ? resetBreaker(source.config, ending.memory) : ending.memory);
      noteIncident(source, ending.cause, ending.detail);
      source.record.retrying(source.failures, null);
      return;
    case 'lost':
      drop(source, OWN_FAULT_PAUSE_MS);
      log.warn('a cycle was lost', { detail: ending.detail });
      noteIncident(source, 'host_unavailable', ending.detail);
      return;
    case 'interrupted':
      drop(source);
  }
}

/** A cycle that was lost, cut short, or of a former configuration. Unless that was for a reason of ours it is still due. */
function drop(source: SourceInstance, pauseMs = 0): void {
  const now = Date.now();
  source.memory = dropCycle(source.config, source.memory, now);
  if (pauseMs > 0) source.plan(now + pauseMs);
}

function noteIncident(
  source: SourceInstance,
  cause: Parameters<typeof source.record.addIncident>[0]['cause'],
  detail: string,
): void {
  source.record.addIncident({
    at: new Date().toISOString(),
    cause,
    detail: detail.slice(0, DETAIL_LENGTH_MAX),
    action: waitWords(source.memory, source.nextMs),
  });
}

async function pause(source: SourceInstance): Promise<void> {
  const { control } = source;
  source.enter('paused', 'paused');
  await tellHealthReport(source);
  await condition(() => control.wish !== 'pause' || source.forced || historyIsLong());
  if (control.wish !== 'run') return;
  if (source.nextMs < Date.now() - MISSED_AFTER_MS) source.nextMs = Date.now();
  await tellHealthReport(source);
}

async function end(source: SourceInstance): Promise<'stopped'> {
  source.enter('stopping', 'stop requested');
  await tellHealthReport(source);
  source.enter('stopped', 'stop requested');
  return 'stopped';
}

/** A store that cannot be used keeps nobody from pausing or stopping a source. */
async function tellHealthReport(source: SourceInstance): Promise<void> {
  const { config } = source;
  try {
    await sourceStatus.saveSourceStatus({ source: config.id, status: source.healthStatus() });
  } catch (error) {
    log.warn('the health report was not told', { error });
  }
}
