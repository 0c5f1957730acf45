/** How every ffmpeg of a capture runs: no questions, warnings with their level for the classifier, progress for custody on fd 3. */
export const COMMON_OPTIONS: readonly string[] = [
  ['-nostdin', '-hide_banner', '-loglevel', 'repeat+level+warning'],
  ['-nostats', '-progress', 'pipe:3', '-stats_period', '0.5'],
].flat();
