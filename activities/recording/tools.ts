import type { Logger } from 'pino';

/** What the recording needs of the outside. */
export interface RecordingTools {
  readonly logger: Logger;
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
}
