import type { Client } from '@temporalio/client';
import type { JobStore } from '../../store/index.js';
import { applyInstances, type AppliedChange, type ApplyOptions } from './apply.js';
import { HoldfastError } from './errors.js';
import { findInstance } from './find-instance.js';
import { JOB_KIND } from './instance-kinds.js';
import { listInstances, type InstanceSummary, type ListFilter } from './list-instances.js';
import { sendSignal, type Sent, type SignalName } from './messages.js';
import { addOutput, removeOutput, resumeOutput, type OutputSent } from './outputs.js';
import { takePreview } from './preview.js';
import { readInstance, type InstanceView } from './read-instance.js';
import { retryInstance, type Retried } from './retry-instance.js';
import type { DesiredInstance } from './start-instance.js';
import { stopInstance, type StopOptions, type Stopped } from './stop-instance.js';
import { listWithDetails, watchInstances, type Snapshot, type WatchOptions } from './watch-instances.js';

/**
 * What people and programs can ask of holdfast. An instance is named by `kind/name`, or by its bare name where that is
 * unique; a job by `job/name` where it can be stopped or retried. Every call ends in time and throws a `HoldfastError` that
 * says what is wrong.
 */
export interface Holdfast {
  /** Every instance, from the server's index: one request, no query. */
  list(filter?: ListFilter): Promise<InstanceSummary[]>;
  /** The same with the details of the first hundred, open ones first: a query and a description each. */
  listDetailed(filter?: ListFilter): Promise<InstanceView[]>;
  /** One instance with its branches, last incidents and live figures. */
  show(reference: string): Promise<InstanceView>;
  /** A picture (JPEG) of what a running capture sends to its outputs, up to 5 s old, or of a stream's newest closed segment. */
  preview(reference: string): Promise<Uint8Array>;
  /** End the run and wait for `resume`. */
  pause(reference: string): Promise<Sent>;
  resume(reference: string): Promise<Sent>;
  /** End the run, finalise what it has written and complete the workflow. */
  stop(reference: string, options?: StopOptions): Promise<Stopped>;
  /**
   * Try again at once, all of it or only the branch named; a closed instance is started again with its last config, a
   * failed or cancelled job with its parameters.
   */
  retry(reference: string, branch?: string): Promise<Retried>;
  signal(reference: string, name: SignalName, payload?: readonly unknown[]): Promise<Sent>;
  /** Changes of a live capture's outputs; each leaves the other outputs alone. */
  addOutput(reference: string, output: unknown): Promise<OutputSent>;
  removeOutput(reference: string, name: string): Promise<OutputSent>;
  /** Starts a stopped output again, e.g. a recording after space was freed. */
  resumeOutput(reference: string, name: string): Promise<OutputSent>;
  /** Make the running workflows match a list. */
  apply(desired: readonly DesiredInstance[], options?: ApplyOptions): Promise<AppliedChange[]>;
  /** Snapshots, one a second, until the signal is aborted or the loop is left. */
  watch(options?: WatchOptions): AsyncGenerator<Snapshot, void>;
}

/**
 * The library: everything the command line does, over a Temporal client of yours.
 * @param places with the store where there is one: it is told at once of a job that is started again
 */
export function createHoldfast(places: { readonly client: Client; readonly store?: JobStore }): Holdfast {
  const { client, store } = places;
  return {
    list: (filter) => listInstances(client, filter),
    listDetailed: (filter) => listWithDetails(client, filter),
    show: (reference) => showInstance(client, reference),
    preview: async (reference) => (await takePreview(client, reference)).jpeg,
    pause: (reference) => sendSignal(client, reference, 'pause'),
    resume: (reference) => sendSignal(client, reference, 'resume'),
    stop: (reference, options) => stopInstance(client, reference, options),
    retry: (reference, branch) => retryInstance({ client, store }, reference, branch),
    signal: (reference, name, payload) => sendSignal(client, reference, name, payload),
    addOutput: (reference, output) => addOutput(client, reference, output),
    removeOutput: (reference, name) => removeOutput(client, reference, name),
    resumeOutput: (reference, name) => resumeOutput(client, reference, name),
    apply: (desired, options) => applyInstances(client, desired, options),
    watch: (options) => watchInstances(client, options),
  };
}

async function showInstance(client: Client, reference: string): Promise<InstanceView> {
  const { id, kind } = await findInstance(client, reference);
  if (kind !== JOB_KIND) return await readInstance(client, id);
  const places = `\`holdfast job show ${id}\`, \`createJobs\` and GET /api/jobs/NAME show it`;
  throw new HoldfastError('unknown_instance', `${id} is a job and no instance: ${places}`);
}
