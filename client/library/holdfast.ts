import type { Client } from '@temporalio/client';
import { applyInstances, type AppliedChange, type ApplyOptions } from './apply.js';
import { findInstance } from './find-instance.js';
import { listInstances, type InstanceSummary, type ListFilter } from './list-instances.js';
import { sendSignal, type Sent, type SignalName } from './messages.js';
import { addOutput, removeOutput } from './outputs.js';
import { readInstance, type InstanceView } from './read-instance.js';
import { retryInstance, type DesiredInstance } from './start-instance.js';
import { stopInstance, type StopOptions, type Stopped } from './stop-instance.js';
import { listWithDetails, watchInstances, type Snapshot, type WatchOptions } from './watch-instances.js';

/**
 * What people and programs can ask of holdfast. An instance is named by `kind/name`, or by its bare name where that is
 * unique. Every call ends in time and throws a `HoldfastError` that says what is wrong.
 */
export interface Holdfast {
  /** Every instance, from the server's index: one request, no query. */
  list(filter?: ListFilter): Promise<InstanceSummary[]>;
  /** The same with the details of the first hundred, open ones first: a query and a description each. */
  listDetailed(filter?: ListFilter): Promise<InstanceView[]>;
  /** One instance with its branches, last incidents and live figures. */
  show(reference: string): Promise<InstanceView>;
  /** End the run and wait for `resume`. */
  pause(reference: string): Promise<Sent>;
  resume(reference: string): Promise<Sent>;
  /** End the run, finalise what it has written and complete the workflow. */
  stop(reference: string, options?: StopOptions): Promise<Stopped>;
  /** Try again at once; a closed instance is started again with its last config. */
  retry(reference: string): Promise<Sent & { startedAgain: boolean }>;
  signal(reference: string, name: SignalName, payload?: readonly unknown[]): Promise<Sent>;
  addOutput(reference: string, output: unknown): Promise<Sent>;
  removeOutput(reference: string, name: string): Promise<Sent>;
  /** Make the running workflows match a list. */
  apply(desired: readonly DesiredInstance[], options?: ApplyOptions): Promise<AppliedChange[]>;
  /** Snapshots, one a second, until the signal is aborted or the loop is left. */
  watch(options?: WatchOptions): AsyncGenerator<Snapshot, void>;
}

/** The library: everything the command line does, over a Temporal client of yours. */
export function createHoldfast({ client }: { readonly client: Client }): Holdfast {
  return {
    list: (filter) => listInstances(client, filter),
    listDetailed: (filter) => listWithDetails(client, filter),
    show: async (reference) => readInstance(client, (await findInstance(client, reference)).id),
    pause: (reference) => sendSignal(client, reference, 'pause'),
    resume: (reference) => sendSignal(client, reference, 'resume'),
    stop: (reference, options) => stopInstance(client, reference, options),
    retry: (reference) => retryInstance(client, reference),
    signal: (reference, name, payload) => sendSignal(client, reference, name, payload),
    addOutput: (reference, output) => addOutput(client, reference, output),
    removeOutput: (reference, name) => removeOutput(client, reference, name),
    apply: (desired, options) => applyInstances(client, desired, options),
    watch: (options) => watchInstances(client, options),
  };
}
