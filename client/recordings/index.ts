/** What is recorded of an instance, read from the manifests on disk. */
export { disksUnder, tightestDisk, type RecordingDisk } from './disks.js';
export {
  listRecordedInstances,
  readInstanceCoverage,
  UnknownRecordingError,
  type BranchCoverage,
  type InstanceCoverage,
} from './instance-coverage.js';
export type { OpenSegment } from './open-segment.js';
export { togetherOf, type TogetherCoverage } from './together.js';
