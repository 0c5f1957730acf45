/** What the reader is told and what it says: JSON in, JSON lines out. */

/** The formats the reader knows; `auto` looks at the answer. */
export type SourceFormat = 'hls' | 'flv' | 'mpegts' | 'auto';

/** The last HLS segment an earlier run has recorded. */
export interface ResumePoint {
  readonly sequence: number;
  /** Path of the segment, as reported in `hls-segment`. */
  readonly uri: string;
  /** Date of the segment where the playlist has one; it identifies a segment better than its name. */
  readonly programDateTime?: string;
}

/** What to read and how. */
export interface ReaderSpec {
  /** An http or https address. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly format: SourceFormat;
  /** Limit for connecting, and again for the header of the answer. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** A progressive source may be silent for this long. Default 3,600,000: whoever watches progress decides sooner. */
  readonly readTimeoutMs?: number;
  readonly userAgent?: string;
  /** HLS: go on after this segment while the playlist still holds the next one. */
  readonly resumeAfter?: ResumePoint;
  readonly hls?: {
    /** Segments from the end at which a live playlist is entered. Default 3. */
    readonly liveEdgeSegments?: number;
  };
}

/** Why the reader ended. */
export type EndReason = 'endlist' | 'eof' | 'error' | 'cut' | 'output_closed' | 'stopped';

/** The source has answered. */
export interface OpenEvent {
  readonly type: 'open';
  readonly at: string;
  readonly status: number;
  readonly contentType: string | null;
  /** `unknown` is passed on as it comes; `hls-ffmpeg` is read by a child ffmpeg. */
  readonly format: 'hls' | 'hls-ffmpeg' | 'flv' | 'mpegts' | 'unknown';
  /** After redirects, without the query (it may hold secrets). */
  readonly finalUrl: string;
}

/** A whole HLS segment has been fed to the output. */
export interface HlsSegmentEvent {
  readonly type: 'hls-segment';
  readonly at: string;
  readonly sequence: number;
  /** Path of the segment, without host and query. */
  readonly uri: string;
  readonly durationMs: number;
  readonly bytes: number;
  readonly discontinuity: boolean;
  /** ISO 8601; carried forward from the last dated segment. */
  readonly programDateTime?: string;
  /** Decoding times of the first and last picture in units of 1/90,000 s; null when the segment is not MPEG-TS. */
  readonly firstVideoDts: number | null;
  readonly lastVideoDts: number | null;
  readonly videoFrames: number | null;
}

/** Media sequence numbers that were lost: the playlist no longer holds them or marks them as a gap. */
export interface SkippedEvent {
  readonly type: 'skipped';
  readonly at: string;
  readonly from: number;
  readonly to: number;
}

/** The codec parameters changed or the time stamps jumped: nothing of the new kind was fed. */
export interface CutEvent {
  readonly type: 'cut';
  readonly at: string;
  readonly before: string;
  readonly after: string;
  /** HLS: the last segment before the change. */
  readonly resumeAfter?: ResumePoint;
}

/** Always the last line. */
export interface EndEvent {
  readonly type: 'end';
  readonly at: string;
  readonly reason: EndReason;
  /** System or library code, e.g. `ECONNRESET`. */
  readonly errorCode?: string;
  readonly httpStatus?: number;
  readonly message: string;
  /** The server asked for this pause (Retry-After). */
  readonly retryAfterMs?: number;
}

export type ReaderEvent = OpenEvent | HlsSegmentEvent | SkippedEvent | CutEvent | EndEvent;

type WithoutTime<Event> = Event extends unknown ? Omit<Event, 'at'> : never;

/** An event before the log has dated it. */
export type ReaderFact = WithoutTime<ReaderEvent>;

/** Why the reader ended, before the log has dated it. */
export type ReaderEnd = Omit<EndEvent, 'at' | 'type'>;

/** Exit status of the reader for each way to end; 141 is what a shell shows for SIGPIPE. */
export const EXIT_STATUS: Readonly<Record<EndReason, number>> = {
  endlist: 0,
  eof: 0,
  cut: 0,
  stopped: 0,
  error: 1,
  output_closed: 141,
};

/** A server that does not answer in this time is treated as lost. */
export const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
/** A progressive source that pauses keeps its socket: stalls are seen by whoever watches progress. */
export const DEFAULT_READ_TIMEOUT_MS = 3_600_000;
/** RFC 8216 advises to begin three target durations from the end. */
export const DEFAULT_LIVE_EDGE_SEGMENTS = 3;
