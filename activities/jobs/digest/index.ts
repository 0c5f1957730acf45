import type { DigestStepName } from '../../../core/jobs/kinds.js';
import type { DigestParams } from '../../../core/jobs/params.js';
import type { StepDeps } from '../deps.js';
import type { StepRun } from '../step-context.js';
import { group } from './group.js';
import { createSelect } from './select.js';
import { createSummarize } from './summarize.js';
import { writeDigest } from './write-digest.js';

/** The steps of a digest: items of a topic are found, duplicates put together, stories summed up and the result written. */
export function createDigestSteps(deps: StepDeps): Record<DigestStepName, StepRun<DigestParams>> {
  return { select: createSelect(deps), group, summarize: createSummarize(deps), write: writeDigest };
}
