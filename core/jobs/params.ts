import { z } from 'zod';
import { instanceName, pattern, shortName } from '../config/common.js';
import { duration } from '../config/duration.js';
import { configFacts } from '../config/facts.js';

/** An instant with its zone, so that it means the same everywhere: `2026-01-31T12:00:00Z`, `2026-01-31T13:00+01:00`. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;
const INSTANT_ALLOWED = 'an instant with its zone, like 2026-01-31T12:00:00Z';

export function instant() {
  return z
    .string()
    .refine((text) => INSTANT.test(text) && Number.isFinite(Date.parse(text)), `expected ${INSTANT_ALLOWED}`)
    .register(configFacts, { allowed: INSTANT_ALLOWED });
}

/** A stretch of time with an end after its start. */
function isForward({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }) {
  return from === undefined || to === undefined || Date.parse(from) < Date.parse(to);
}

const BACKWARDS = { message: 'expected an instant later than from', path: ['to'] };

/** Longest topic; the words of it are what is searched for. */
const TOPIC_LENGTH_MAX = 500;
const SOURCES_MAX = 1_000;
const ITEMS_MAX = 500;

const PERIOD_ALLOWED = 'a duration like 24h before the start of the job, or { from, to } with two instants';

export const digestParams = z.strictObject({
  topic: z.string().trim().min(1).max(TOPIC_LENGTH_MAX).describe('Words to look for; "a phrase", -without.'),
  sources: z
    .array(instanceName)
    .min(1)
    .max(SOURCES_MAX)
    .optional()
    .describe('Names of sources; all of them when absent.'),
  period: z
    .union([
      duration({ minMs: 60_000 }),
      z
        .strictObject({ from: instant(), to: instant() })
        .refine(({ from, to }) => Date.parse(from) < Date.parse(to), BACKWARDS),
    ])
    .register(configFacts, { allowed: PERIOD_ALLOWED })
    .describe('The time that is looked at: a duration before the start of the job, or from and to.'),
  max_items: z.number().int().min(1).max(ITEMS_MAX).default(50).describe('Most items in the digest.'),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'expected a language tag like en or pt-BR')
    .optional()
    .describe('Language of the digest; that of the items when absent.'),
  summarizer: z
    .enum(['extractive', 'llm'])
    .default('extractive')
    .describe('`extractive` picks sentences of the items; `llm` asks the endpoint of `jobs.llm`.'),
  on_llm_failure: z
    .enum(['fail', 'extractive'])
    .default('fail')
    .describe('When the endpoint cannot be used: fail, or summarise with the built-in one.'),
});

/** What is recorded of one instance: `stream/alice`. */
const recording = pattern(
  /^(?:stream|capture)\/[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
  'stream/NAME or capture/NAME',
).describe('The instance whose recording it is.');

const branch = shortName
  .optional()
  .describe('The branch that recorded; needed only where a capture records in several.');

export const finalizeParams = z
  .strictObject({
    recording,
    branch,
    from: instant().optional().describe('Leave out what was recorded before.'),
    to: instant().optional().describe('Leave out what was recorded after.'),
    keep_parts: z
      .boolean()
      .default(true)
      .describe('Keep the segments; otherwise they are removed when the result was verified.'),
    contact_sheet: z.boolean().default(true).describe('Make a sheet of pictures.'),
    waveform: z.boolean().default(true).describe('Make a picture of the sound.'),
  })
  .refine(isForward, BACKWARDS);

export const clipParams = z
  .strictObject({
    recording,
    branch,
    from: instant().describe('Start of the clip.'),
    to: instant().describe('End of the clip.'),
    reencode: z
      .boolean()
      .default(false)
      .describe('Cut exactly at the frame; otherwise at the key frame at or before the start.'),
    container: z.enum(['mp4']).default('mp4').describe('File format of the clip.'),
  })
  .refine(isForward, BACKWARDS);

export type DigestParams = z.output<typeof digestParams>;
export type FinalizeParams = z.output<typeof finalizeParams>;
export type ClipParams = z.output<typeof clipParams>;
