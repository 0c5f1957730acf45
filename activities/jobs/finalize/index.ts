import type { FinalizeStepName } from '../../../core/jobs/kinds.js';
import type { FinalizeParams } from '../../../core/jobs/params.js';
import { DEFAULT_MEDIA_TOOLS, type MediaTools } from '../media/tools.js';
import type { StepRun } from '../step-context.js';
import { join } from './join.js';
import { pictures } from './pictures.js';
import { survey } from './survey.js';
import { tidy } from './tidy.js';
import { verify } from './verify.js';

/** The steps of `finalize`: a recording becomes an MP4, or several where its parameters change. */
export function createFinalizeSteps(
  tools: MediaTools = DEFAULT_MEDIA_TOOLS,
): Record<FinalizeStepName, StepRun<FinalizeParams>> {
  return {
    survey: (params, context) => survey(tools, params, context),
    join: (_params, context) => join(tools, context),
    verify: (_params, context) => verify(tools, context),
    pictures: (params, context) => pictures(tools, params, context),
    tidy: (params, context) => tidy(params, context),
  };
}

export const finalizeSteps = createFinalizeSteps();
