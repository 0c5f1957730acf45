import { z } from 'zod';
import { duration } from './duration.js';

/** Name of an instance within its kind; it becomes part of the workflow id and of paths. */
export const instanceName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
    'expected 1 to 128 letters, digits, dots, dashes or underscores',
  );

/** Name of a device host; it becomes part of the task queue. */
export const hostName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'expected a host name of letters, digits, dots and dashes');

/** How a recording is written. */
export const recordSettings = z
  .strictObject({
    container: z.enum(['mpegts', 'fmp4', 'mkv']).default('mpegts'),
    /** Length of a segment; it is cut at the next keyframe. */
    segment: duration({ minMs: 1_000, maxMs: 3_600_000 }).default(60_000),
  })
  .prefault({});
