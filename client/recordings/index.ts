/** What is recorded of an instance, read from the manifests on disk. */
export {
  listRecordedInstances,
  readInstanceCoverage,
  UnknownRecordingError,
  type BranchCoverage,
  type InstanceCoverage,
} from './instance-coverage.js';
export type { OpenSegment } from './open-segment.js';
