import { z } from 'zod';
import { LEVELS } from '../notifications.js';
import { pattern, shortName } from './common.js';
import { duration } from './duration.js';

/** Keys every sink has. */
export const sinkKeys = {
  name: shortName
    .optional()
    .describe('Name under which deliveries are kept; the kind of sink when absent. Unique.'),
  min_level: z
    .enum(LEVELS)
    .default('info')
    .describe('Leave out what is less important: info < success < warning < error.'),
  instances: z
    .array(pattern(/^[A-Za-z0-9._*/-]{1,160}$/, 'an id like stream/alice, in which * stands for anything'))
    .min(1)
    .optional()
    .describe('Only these instances; `*` stands for anything, e.g. `capture/*`. All when absent.'),
};

/** Timeout of a sink that makes one HTTP request for each message. */
export function requestTimeout() {
  return duration({ minMs: 100, maxMs: 120_000 })
    .default(10_000)
    .describe('From the connection to the end of the answer.');
}
