/** What came before cannot be recorded together with what follows; both sides in words. */
export interface SourceChange {
  readonly before: string;
  readonly after: string;
}

/** What a cutter lets through of what it was given. */
export interface CutterResult {
  /** Bytes to pass on, in order. All results together are a prefix of the input. */
  readonly output: readonly Buffer[];
  /** Set once: nothing after `output` may be passed on. */
  readonly change: SourceChange | null;
}

/** Passes a media stream on until its codec parameters change or its time stamps jump. Never throws, whatever the bytes. */
export interface StreamCutter {
  push(chunk: Buffer): CutterResult;
  /** The source has ended: what was held back is let go. */
  flush(): readonly Buffer[];
}

/** Lets everything through, for formats whose parameters cannot be watched. */
export class PassThroughCutter implements StreamCutter {
  push(chunk: Buffer): CutterResult {
    return { output: [chunk], change: null };
  }
  flush(): readonly Buffer[] {
    return [];
  }
}
