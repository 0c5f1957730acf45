import type { Client } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { DetailReader } from './detail-reader.js';
import { HoldfastError } from './errors.js';
import { JOB_KIND, splitInstanceId } from './instance-kinds.js';
import { listInstances, toSummary, type InstanceSummary, type ListFilter } from './list-instances.js';
import type { InstanceView } from './read-instance.js';
import { callServer } from './server-call.js';

export interface WatchOptions {
  /** Only this instance, by its whole id. Default: all. */
  readonly id?: string;
  /** Pause between two snapshots in milliseconds. Default one second. */
  readonly intervalMs?: number;
  /**
   * Ids that somebody is looking at: only these are asked for details. Called for each snapshot with what the index
   * lists. Default: the first hundred, the open ones before the others.
   */
  readonly visible?: (listed: readonly InstanceSummary[]) => readonly string[];
  /** Ends the watching. */
  readonly signal?: AbortSignal;
}

/** What was known at one instant. */
export interface Snapshot {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Sorted by id. Instances that nobody looks at carry the index's state and no details. */
  readonly instances: readonly InstanceView[];
  /** Why this snapshot repeats the last one, e.g. the server does not answer; null when all is well. */
  readonly problem: string | null;
}

const INTERVAL_DEFAULT_MS = 1_000;
/** Rows that are asked for details when nobody says which are looked at. */
const VISIBLE_DEFAULT_MAX = 100;

/**
 * Snapshots of instances, one after another, for ever. One listing a snapshot whatever the number of instances; details
 * only of visible ones, aged a few seconds, with few requests at a time. An unreachable server ends nothing.
 * @throws {HoldfastError} `invalid_input` for a job
 */
export async function* watchInstances(
  client: Client,
  options: WatchOptions = {},
): AsyncGenerator<Snapshot, void> {
  if (options.id !== undefined && splitInstanceId(options.id).kind === JOB_KIND) {
    throw new HoldfastError('invalid_input', `${options.id} is a job: it is followed by \`followJob\``);
  }
  const reader = new DetailReader(client);
  let instances: readonly InstanceView[] = [];
  while (options.signal?.aborted !== true) {
    let problem: string | null = null;
    try {
      const listed = await listFor(client, options.id);
      instances = await reader.read(listed, new Set(options.visible?.(listed) ?? visibleByDefault(listed)));
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    yield { at: new Date().toISOString(), instances, problem };
    try {
      await sleep(options.intervalMs ?? INTERVAL_DEFAULT_MS, undefined, { signal: options.signal });
    } catch {
      return;
    }
  }
}

/** Every instance once, with details of the first hundred. */
export async function listWithDetails(client: Client, filter: ListFilter = {}): Promise<InstanceView[]> {
  const { state, ...indexed } = filter;
  const listed = await listInstances(client, indexed);
  const views = await new DetailReader(client).read(listed, new Set(visibleByDefault(listed)));
  return views.filter((view) => state === undefined || view.state === state);
}

function visibleByDefault(listed: readonly InstanceSummary[]): string[] {
  return listed
    .toSorted((left, right) => Number(right.open) - Number(left.open))
    .slice(0, VISIBLE_DEFAULT_MAX)
    .map((summary) => summary.id);
}

/** One instance is described, which is exact; all are listed, which is cheap. */
async function listFor(client: Client, id: string | undefined): Promise<InstanceSummary[]> {
  if (id === undefined) return listInstances(client);
  const description = await callServer(client, `describe ${id}`, () =>
    client.workflow.getHandle(id).describe(),
  );
  return [toSummary(description)];
}
