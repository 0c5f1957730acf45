import { z } from 'zod';
import type { SourceState } from '../../../core/source-health/index.js';

const instant = z.string().nullable().describe('ISO 8601, UTC.');

const partSchema = z.object({
  ok: z.boolean(),
  problem: z.string().nullable().describe('In words; null when it is ok.'),
});

const STATES = [
  'up',
  'pending',
  'down',
  'open',
  'deferred',
  'paused',
  'stopped',
] as const satisfies SourceState[];

const rateSchema = z.object({
  rate: z.number().nullable().describe('0 to 1; null when no cycle counts.'),
  cycles: z.number().describe('Cycles that count.'),
});

const breakerSchema = z.union([
  z.object({ state: z.literal('closed'), failures: z.number() }),
  z.object({
    state: z.enum(['open', 'half_open']),
    failures: z.number(),
    openCount: z.number(),
    openUntilMs: z.number().describe('Epoch milliseconds.'),
  }),
]);

const sourceHealthSchema = z.object({
  source: z.string(),
  state: z.enum(STATES),
  successRate: z.object({ hour: rateSchema, day: rateSchema, month: rateSchema }),
  latencyMs: z
    .object({ p50: z.number(), p95: z.number(), p99: z.number() })
    .nullable()
    .describe('Of the last cycles; null when none got an answer.'),
  errors: z
    .array(
      z.object({
        cause: z.string(),
        cycles: z.number(),
        lastDetail: z.string().nullable(),
        lastAt: z.string(),
      }),
    )
    .readonly()
    .describe('Failures of 24 h by cause, the most frequent first.'),
  remark: z
    .string()
    .nullable()
    .describe('What is worth saying about the last cycle although it was good; null when that is nothing.'),
  lastCycleAt: instant,
  lastGoodAt: instant,
  lastItemAt: instant,
  nextAttemptAt: instant,
  itemsPerDay: z.number().nullable(),
  breaker: breakerSchema.nullable(),
});

export const livenessSchema = z.object({ status: z.literal('ok') }).describe('The process serves.');

export const readinessSchema = z
  .object({
    status: z.enum(['ok', 'not_ready']),
    readiness: z.object({
      temporal: partSchema.describe('The Temporal server.'),
      store: partSchema,
      workers: z
        .object({ orchestrator: z.number().int(), fetch: z.number().int() })
        .nullable()
        .describe(
          'Workers that poll; they are told, and do not count for `status`. Null when it is not known.',
        ),
    }),
  })
  .describe('Whether requests can be answered.');

export const healthSchema = z
  .object({
    ...readinessSchema.shape,
    liveness: z.literal('ok').describe('The process serves.'),
    offlineSince: instant.describe('Since when we have been offline ourselves; null when we are not.'),
    states: z.record(z.string(), z.number().int()).describe('How many sources are in each state.'),
    sources: z.array(sourceHealthSchema).describe('By name. A bad source changes nothing of the rest.'),
    sourcesProblem: z
      .string()
      .nullable()
      .describe('Why nothing is told of the sources; null when they are told.'),
  })
  .describe('Liveness, readiness, and how each source fares: three things that do not depend on each other.');

export type HealthDocument = z.output<typeof healthSchema>;
