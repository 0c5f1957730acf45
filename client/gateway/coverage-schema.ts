import { z } from 'zod';

/** The document that `holdfast gaps --json` prints. */

const instant = z.string().describe('ISO 8601, UTC.');
const span = z.object({ from: instant, to: instant });

const branchSchema = z.object({
  branch: z.string(),
  folder: z.string(),
  from: instant.nullable().describe('Null when nothing is recorded in the time asked for.'),
  to: instant.nullable(),
  recordedMs: z.number().optional(),
  removedMs: z.number().optional(),
  missingMs: z.number().optional(),
  percent: z.number().optional().describe('Share of the time that is not missing, 0 to 100.'),
  segments: z.number().optional(),
  frames: z.number().optional(),
  bytes: z.number().optional(),
  recorded: z.array(span).optional(),
  removed: z.array(span).optional().describe('Was recorded, and removed as a retention setting says.'),
  gaps: z.array(
    span.extend({
      durationMs: z.number(),
      cause: z.string().nullable().describe('Null when the manifest does not explain the hole.'),
      evidence: z.string(),
    }),
  ),
  open: z
    .object({ file: z.string(), bytes: z.number(), since: instant, written: instant })
    .nullable()
    .describe('The segment that is being written.'),
  pending: z
    .object({
      from: instant,
      to: instant.nullable().describe('Null while it lasts.'),
      durationMs: z.number(),
      cause: z.string(),
      evidence: z.string(),
    })
    .nullable()
    .describe('What is missing since and has no line in the manifest yet; not part of the figures.'),
  faults: z
    .array(z.object({ lineNumber: z.number(), problem: z.string() }))
    .readonly()
    .describe('Lines of the manifest that cannot be used.'),
});

export const coverageSchema = z.object({
  id: z.string(),
  branches: z.array(branchSchema),
  together: span
    .extend({
      branches: z.number(),
      recordedMs: z.number(),
      missingMs: z.number(),
      segments: z.number(),
      frames: z.number(),
      bytes: z.number(),
    })
    .nullable()
    .describe('All branches together; null unless two of them have recorded something.'),
});
