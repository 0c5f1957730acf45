/** Our own reader of http and https live sources: a small program whose stdout feeds ffmpeg. */
export { readerCommand } from './command.js';
export type {
  CutEvent,
  EndEvent,
  EndReason,
  HlsSegmentEvent,
  OpenEvent,
  ReaderEvent,
  ReaderSpec,
  ResumePoint,
  SkippedEvent,
  SourceFormat,
} from './spec.js';
