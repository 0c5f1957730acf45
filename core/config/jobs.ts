import { z } from 'zod';
import { httpAddress, secret } from './common.js';
import { duration } from './duration.js';

/** An endpoint that speaks as OpenAI's chat completions do. */
const llmSchema = z
  .strictObject({
    base_url: httpAddress().describe(
      'Address below which `/chat/completions` is, e.g. http://127.0.0.1:8000/v1.',
    ),
    model: z.string().min(1).max(200).describe('Name of the model.'),
    api_key: secret().optional().describe('Sent as `Authorization: Bearer <api_key>`.'),
    timeout: duration({ minMs: 1_000, maxMs: 600_000 })
      .default(60_000)
      .describe('Longest silence of the endpoint before and between tokens.'),
  })
  .describe('The endpoint that writes digests with `summarizer: llm`.');

/** Content jobs. */
export const jobsSchema = z
  .strictObject({
    retention: duration({ minMs: 60_000 })
      .default(604_800_000)
      .describe('Jobs that ended longer ago are forgotten and their artifacts deleted.'),
    llm: llmSchema.optional(),
  })
  .prefault({})
  .describe('Content jobs: digests, finished recordings and clips.');

export type JobsConfig = z.output<typeof jobsSchema>;
export type LlmConfig = z.output<typeof llmSchema>;
