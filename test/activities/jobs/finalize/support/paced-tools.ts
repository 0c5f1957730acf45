import { fileURLToPath } from 'node:url';
import type { MediaTools } from '../../../../../activities/jobs/media/tools.js';

/** Real programs that take their time: half a minute of media is read in six seconds. */
export const PACED_TOOLS: MediaTools = {
  ffmpegPath: fileURLToPath(new URL('../../../../fixtures/programs/paced-ffmpeg.sh', import.meta.url)),
  ffprobePath: 'ffprobe',
};
