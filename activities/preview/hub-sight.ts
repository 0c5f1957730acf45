import type { HubAddress } from '../../core/hub.js';
import { hubInputArguments } from '../pipeline/hub.js';
import type { Sight } from './sight.js';
import { takePicture } from './take-picture.js';

/** Key frames are 2 s apart by default. */
const TIME_LIMIT_MS = 7_500;

/** What is on air now; a picture of it is as good as new for a while. */
export function hubSight(ffmpegPath: string, hub: HubAddress, freshMs: number): Sight {
  return {
    isShownBy: ({ takenAtMs }) => {
      const ageMs = Date.now() - takenAtMs;
      // A picture of the future has another clock's time and says nothing.
      return ageMs >= 0 && ageMs < freshMs;
    },
    take: async () => {
      const picture = await takePicture(ffmpegPath, {
        input: hubInputArguments(hub),
        limitMs: TIME_LIMIT_MS,
        silence: `no picture came through the hub within ${TIME_LIMIT_MS / 1_000} s`,
      });
      return picture.kind === 'none' ? picture : { ...picture, takenAtMs: Date.now() };
    },
  };
}
