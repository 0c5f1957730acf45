import type { CaptureConfig, OutputConfig } from '../../core/config/capture.js';
import { configOrFailure, invalidConfig, ownConfigOrFailure } from '../entry.js';
import type { OutputBranch } from './branch.js';
import type { CaptureInstance } from './instance.js';
import type { CaptureLife } from './life.js';

/** What a new configuration changed. Names of outputs. */
export interface CaptureChanges {
  /** The ingest was started anew. */
  readonly restarted: boolean;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** The entry with one more output, or fails. */
export function withOutput(
  capture: CaptureInstance,
  output: unknown,
): { raw: unknown; config: CaptureConfig } {
  const raw = withOutputs(capture, (outputs) => [...outputs, output]);
  const config = configOrFailure('capture', raw);
  const name = config.outputs.at(-1)?.name;
  if (capture.outputs.some(({ record }) => record.name === name)) {
    throw invalidConfig(`output.name: ${name} is still ending; try again in a moment`);
  }
  return { raw, config };
}

/** The output of this name, or fails naming those there are. */
export function outputOrFailure(capture: CaptureInstance, name: unknown): OutputBranch {
  const outputs = capture.configuredOutputs;
  const found = outputs.find(({ record }) => record.name === name);
  if (found !== undefined) return found;
  const names = outputs.map(({ record }) => record.name).join(', ') || 'none';
  throw invalidConfig(`name: ${String(name)} is no output of ${capture.workflowId}; it has ${names}`);
}

export function addOutput(capture: CaptureInstance, life: CaptureLife, output: unknown): { name: string } {
  const { raw, config } = withOutput(capture, output);
  const added = config.outputs.at(-1);
  if (added === undefined) throw new Error('should not happen: an output was added and is not there');
  capture.raw = raw;
  capture.config = config;
  begin(capture, life, added);
  return { name: added.name };
}

export function removeOutput(capture: CaptureInstance, name: string): { name: string } {
  const output = outputOrFailure(capture, name);
  capture.raw = withOutputs(capture, (outputs) => outputs.filter((entry) => nameOf(entry) !== name));
  capture.config = configOrFailure('capture', capture.raw);
  remove(capture, output);
  return { name };
}

/** Makes the instance as the new entry says, touching only what has changed. */
export function reconfigure(capture: CaptureInstance, life: CaptureLife, raw: unknown): CaptureChanges {
  const before = capture.config;
  const after = configOrFailure('capture', raw);
  capture.reconfigured(after, raw);
  const hubChanged = isChanged(hubPart, before, after);
  const restarted = hubChanged || isChanged(ingestPart, before, after);
  if (restarted) capture.ingest.control.restart();
  const removed = capture.configuredOutputs.filter(
    ({ record }) => !after.outputs.some(({ name }) => name === record.name),
  );
  for (const output of removed) remove(capture, output);
  const added: string[] = [];
  const changed: string[] = [];
  for (const config of after.outputs) {
    const output = capture.configuredOutputs.find(({ record }) => record.name === config.name);
    if (output === undefined) {
      begin(capture, life, config);
      added.push(config.name);
    } else if (isChanged(outputPart, output.config, config)) {
      output.config = config;
      change(capture, output);
      changed.push(config.name);
    } else {
      output.config = config;
      if (hubChanged) output.control.restart();
    }
  }
  return { restarted, added, removed: removed.map(({ record }) => record.name), changed };
}

/** Fails when the entry is not valid or of another capture, or names an output that is still ending. */
export function checkReconfigure(capture: CaptureInstance, raw: unknown): void {
  const { outputs } = ownConfigOrFailure('capture', capture.config.id, raw);
  const ending = outputs.find(({ name }) =>
    capture.outputs.some(({ record, isRemoved }) => isRemoved && record.name === name),
  );
  if (ending !== undefined)
    throw invalidConfig(`outputs: ${ending.name} is still ending; try again in a moment`);
}

function begin(capture: CaptureInstance, life: CaptureLife, config: OutputConfig): void {
  const output = capture.newOutput(config);
  capture.outputs = [...capture.outputs, output];
  life.begin(output);
  capture.changed();
}

function remove(capture: CaptureInstance, output: OutputBranch): void {
  output.isRemoved = true;
  output.control.stop();
  // One that was left for the next execution still runs.
  if (output.isOver && !output.record.hasLivingRun) capture.forget(output);
  capture.changed();
}

/** What was given up may work as it is configured now. */
function change(capture: CaptureInstance, output: OutputBranch): void {
  output.control.restart();
  if (output.isGone) capture.revive(output);
}

function withOutputs(capture: CaptureInstance, change: (outputs: readonly unknown[]) => unknown[]): unknown {
  const raw = capture.raw as { readonly outputs?: readonly unknown[] };
  return { ...raw, outputs: change(raw.outputs ?? []) };
}

function nameOf(entry: unknown): unknown {
  return (entry as { readonly name?: unknown }).name;
}

function isChanged<Config>(partOf: (config: Config) => unknown, before: Config, after: Config): boolean {
  return JSON.stringify(partOf(before)) !== JSON.stringify(partOf(after));
}

function hubPart({ hub, host }: CaptureConfig): unknown {
  return [hub, host];
}

/** The probe is asked by the workflow and needs no new process. */
function ingestPart({ input, encode, stall_timeout }: CaptureConfig): unknown {
  return [{ ...input, probe: null }, encode, stall_timeout];
}

/** How failures are met needs no new process either. */
function outputPart(config: OutputConfig): unknown {
  return { ...config, recovery: null };
}
