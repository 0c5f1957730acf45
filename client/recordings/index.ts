/** What is recorded of an instance, read from the manifests on disk. */
export { coverageDocument } from './coverage-document.js';
export { disksUnder, tightestDisk, type RecordingDisk } from './disks.js';
export {
  listRecordedInstances,
  readInstanceCoverage,
  UnknownRecordingError,
  type BranchCoverage,
  type InstanceCoverage,
} from './instance-coverage.js';
export { instanceDocument, recordingPlace, type RecordingPlace } from './instance-document.js';
export type { OpenSegment } from './open-segment.js';
export type { PendingGap } from './pending-gap.js';
export { parseSince, SINCE_ALLOWED } from './since.js';
export { togetherOf, type TogetherCoverage } from './together.js';
