import { clipSteps } from './clip/index.js';
import { finalizeSteps } from './finalize/index.js';
import type { StepRuns } from './steps.js';

/** What a device host can make of its recordings. */
export const hostSteps: StepRuns = { finalize: finalizeSteps, clip: clipSteps };
