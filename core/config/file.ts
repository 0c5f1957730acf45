import { z } from 'zod';
import { captureSchema } from './capture.js';
import { hostName, pattern } from './common.js';
import { jobsSchema } from './jobs.js';
import { sinkSchema } from './notify.js';
import {
  canarySchema,
  contactSchema,
  demoSchema,
  gatewaySchema,
  retentionSchema,
  storeSchema,
  temporalSchema,
} from './settings.js';
import { sourceSchema } from './source.js';
import { streamSchema } from './stream.js';

/** Most entries of one kind in a file; far beyond what one cluster of workers is meant for. */
const ENTRIES_MAX = 10_000;

/** The whole of `holdfast.yaml`. Use `checkConfig` to read one: it also checks what no single key shows. */
export const configSchema = z.strictObject({
  data_dir: pattern(/^(?!.*\$\{env:).+$/, 'a path, without ${env:NAME}')
    .default('./data')
    .describe('Recordings, running processes and the embedded server; relative to this file.'),
  temporal: temporalSchema,
  store: storeSchema
    .optional()
    .describe(
      '`sqlite:PATH` (relative to this file) or `postgres://...`; `sqlite:<data_dir>/holdfast.db` when absent.',
    ),
  gateway: gatewaySchema,
  notify: z
    .array(sinkSchema)
    .max(64)
    .default([{ sink: 'log', min_level: 'info' }])
    .describe('Where notifications go. Each is also kept in the store.'),
  retention: retentionSchema,
  contact: contactSchema
    .optional()
    .describe(
      'Your page or e-mail address, for the sites that are fetched: `holdfast/<version> (+CONTACT)` is the User-Agent of sources that name none of their own, and of canaries.',
    ),
  canary: canarySchema,
  jobs: jobsSchema,
  host: hostName
    .optional()
    .describe('Name of this machine as a device host; its system host name when absent.'),
  demo: demoSchema.optional(),
  streams: z.array(streamSchema).max(ENTRIES_MAX).default([]).describe('Live streams to record.'),
  captures: z.array(captureSchema).max(ENTRIES_MAX).default([]).describe('HDMI captures.'),
  sources: z.array(sourceSchema).max(ENTRIES_MAX).default([]).describe('Feeds and pages to fetch.'),
});

/** The configuration with defaults filled in, durations in milliseconds, sizes in bytes. */
export type Config = z.output<typeof configSchema>;
/** The configuration as people write it. */
export type ConfigInput = z.input<typeof configSchema>;
