import type { DigestParams } from '../../../core/jobs/params.js';
import { counted } from '../../../core/jobs/step.js';
import { parseTopic, TopicError, type Topic } from '../../../core/search/index.js';
import type { StepDeps } from '../deps.js';
import type { StepContext, StepRun } from '../step-context.js';
import { StepFailure } from '../step-failure.js';
import { toDigestItem } from './item.js';
import { keep } from './kept.js';
import { CANDIDATES_MAX, CANDIDATES_PER_STORY } from './limits.js';
import { llmEndpoint } from './llm/endpoint.js';
import { periodOf } from './period.js';

/** Finds the items of the topic. Nothing found is a digest that says so. */
export function createSelect({ store, config, env }: StepDeps): StepRun<DigestParams> {
  return async (params, context) => {
    if (store === undefined) {
      throw new StepFailure(
        'invalid_config',
        'a digest is made by a worker with a store: set store.url',
        false,
      );
    }
    const topic = topicOf(params.topic);
    // What can be known to fail is told before there is any work.
    if (params.summarizer === 'llm' && params.on_llm_failure === 'fail') llmEndpoint(config.llm, env);
    const { from, to } = periodOf(params.period, context.createdAt);
    if (params.sources !== undefined) await warnOfUnknown(params.sources, store, context);
    context.report({ percent: 0, done: 0, unit: 'items' });
    const found = await store.sources.searchItems({
      topic,
      ...(params.sources !== undefined && { sources: params.sources }),
      from,
      to,
      limit: Math.min(params.max_items * CANDIDATES_PER_STORY, CANDIDATES_MAX),
    });
    await keep(context, 'selection', { from, to, items: found.map(toDigestItem) });
    context.log(
      'info',
      found.length === 0 ? 'no items match the topic' : `${found.length} items match the topic`,
    );
    context.report(counted(found.length, found.length, 'items'));
  };
}

function topicOf(written: string): Topic {
  try {
    return parseTopic(written);
  } catch (error) {
    if (error instanceof TopicError) throw new StepFailure('invalid_config', error.message, false);
    throw error;
  }
}

/** A name that is misspelt would otherwise just find nothing. */
async function warnOfUnknown(
  names: readonly string[],
  store: NonNullable<StepDeps['store']>,
  context: StepContext,
): Promise<void> {
  const known = new Set((await store.sources.readSources(names)).map(({ source }) => source));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0)
    context.log('warning', `nothing is stored of ${unknown.map((name) => `source/${name}`).join(', ')}`);
}
