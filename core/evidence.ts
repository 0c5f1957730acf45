/** What is known about the end of a run. Facts are read from the system; `text` is what the tool printed. */
export interface Evidence {
  /** We asked the run to stop. */
  readonly stopRequested?: boolean;
  /** Exit status of the process, or null when a signal ended it or the status was lost. */
  readonly exitCode?: number | null;
  /** The signal that ended the process, e.g. `SIGKILL`. */
  readonly exitSignal?: string | null;
  /** `code` of the error with which the program could not be started, e.g. `ENOENT`. */
  readonly spawnErrorCode?: string;
  /** No progress for this long while the process was alive. */
  readonly stalledForMs?: number;
  /** HTTP status of the media request, as a fact from our own reader. */
  readonly httpStatus?: number;
  /** System or library error code from our own reader, e.g. `ECONNRESET`, `UND_ERR_SOCKET`. */
  readonly errorCode?: string;
  /** The source said itself that it is over (for example EXT-X-ENDLIST). */
  readonly sourceEnded?: boolean;
  /** The codec parameters changed: what follows belongs into a new run. */
  readonly codecChanged?: boolean;
  /** The transfer ended without an error from the other side (FIN, end of body). */
  readonly endOfStream?: boolean;
  /** The capture device node is there. */
  readonly deviceExists?: boolean;
  /** The signal probe sees a signal; absent when there is no probe. */
  readonly signalPresent?: boolean;
  /** Bytes free for the recording; 0 means full. */
  readonly freeBytes?: number;
  /** The recording path can be written. */
  readonly writable?: boolean;
  /** The program that printed `text`: ffmpeg, gstreamer, streamlink, yt-dlp, v4l2, alsa, srt, obs, other. */
  readonly tool?: string;
  /** What the program worked on: input, output, device, encoder, storage, pipeline. */
  readonly role?: string;
  /** The tail of what the program printed. */
  readonly text?: string;
}
