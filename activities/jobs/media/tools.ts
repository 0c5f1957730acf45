/** Programs that steps on recordings call, by name or path. */
export interface MediaTools {
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
}

export const DEFAULT_MEDIA_TOOLS: MediaTools = { ffmpegPath: 'ffmpeg', ffprobePath: 'ffprobe' };
