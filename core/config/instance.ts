import { jobEntrySchema, type JobEntry } from '../jobs/entry.js';
import { captureProblems, sourceProblems } from './cross-checks.js';
import { captureSchema, type CaptureConfig } from './capture.js';
import { envReferenceProblems } from './env-references.js';
import { formatProblem, validate, type ConfigProblem } from './problems.js';
import { sourceSchema, type SourceConfig } from './source.js';
import { streamSchema, type StreamConfig } from './stream.js';

/** What an entry of each kind parses to. */
export interface InstanceConfigs {
  readonly stream: StreamConfig;
  readonly capture: CaptureConfig;
  readonly source: SourceConfig;
  readonly job: JobEntry;
}
export type InstanceKind = keyof InstanceConfigs;

/** Problems that one error message tells; more would not fit a failure in history. */
const PROBLEMS_TOLD_MAX = 5;

const schemas = { stream: streamSchema, capture: captureSchema, source: sourceSchema, job: jobEntrySchema };

const furtherChecks: Record<InstanceKind, (input: unknown) => ConfigProblem[]> = {
  stream: () => [],
  capture: captureProblems,
  source: sourceProblems,
  job: () => [],
};

/**
 * Reads the input of a workflow: an entry of the configuration as written. Never throws.
 * The error names key, value and what is allowed.
 */
export function parseInstanceInput<Kind extends InstanceKind>(
  kind: Kind,
  input: unknown,
): { readonly ok: InstanceConfigs[Kind] } | { readonly error: string } {
  try {
    const result = validate(schemas[kind], input);
    const further = [...envReferenceProblems(input), ...furtherChecks[kind](input)];
    const problems = [...('problems' in result ? result.problems : []), ...further];
    if ('config' in result && problems.length === 0) return { ok: result.config as InstanceConfigs[Kind] };
    return { error: tell(problems) };
  } catch (error) {
    // A hostile input, such as one with getters that throw, is an invalid input and not a failed workflow task.
    return { error: `The input cannot be read: ${String(error)}` };
  }
}

function tell(problems: readonly ConfigProblem[]): string {
  const told = problems.slice(0, PROBLEMS_TOLD_MAX).map(formatProblem);
  const left = problems.length - told.length;
  return [...told, ...(left > 0 ? [`and ${left} more`] : [])].join('; ');
}
