/** The manifest of a recording: its lines, what they cover, and where media lies on the wall clock. */
export { BAR_CHARACTERS, barOf, type BarCell } from './bar.js';
export { bridge, innerGapLines, isoInstant, type Bridge, type BridgeInput } from './bridge.js';
export { coverageOf, type Coverage, type CoverageRange, type Gap } from './coverage.js';
export { clip, clipOne, lengthOf, subtract, unionOf, type Interval } from './intervals.js';
export {
  formatManifestLine,
  ManifestLineError,
  parseManifestLine,
  readManifest,
  type GapLine,
  type Manifest,
  type ManifestFault,
  type ManifestLine,
  type RemovedLine,
  type SegmentLine,
} from './line.js';
export {
  mediaWritten,
  PAUSE_MIN_MS,
  placeMedia,
  type InnerGap,
  type MediaHole,
  type MediaIndex,
  type Placement,
  type PlacementInput,
  type WriteSample,
} from './placement.js';
export {
  runFactsFile,
  runOfFactsFile,
  STATE_FOLDER,
  type HlsFacts,
  type RunEndFacts,
  type RunFacts,
} from './run-facts.js';
export {
  compareSegments,
  formatSegmentName,
  parseSegmentName,
  SEGMENT_EXTENSIONS,
  segmentPattern,
  stampOf,
  type SegmentName,
} from './segment-name.js';
