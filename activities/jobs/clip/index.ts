import type { ClipStepName } from '../../../core/jobs/kinds.js';
import type { ClipParams } from '../../../core/jobs/params.js';
import { DEFAULT_MEDIA_TOOLS, type MediaTools } from '../media/tools.js';
import type { StepRun } from '../step-context.js';
import { cut } from './cut.js';
import { survey } from './survey.js';
import { verify } from './verify.js';

/** The steps of `clip`: what was recorded from one instant to another becomes an MP4. */
export function createClipSteps(
  tools: MediaTools = DEFAULT_MEDIA_TOOLS,
): Record<ClipStepName, StepRun<ClipParams>> {
  return {
    survey: (params, context) => survey(tools, params, context),
    cut: (params, context) => cut(tools, params, context),
    verify: (params, context) => verify(tools, params, context),
  };
}

export const clipSteps = createClipSteps();
