import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DigestParams } from '../../../core/jobs/params.js';
import { counted } from '../../../core/jobs/step.js';
import type { StepDeps } from '../deps.js';
import type { StepContext, StepRun } from '../step-context.js';
import { extractiveWriter } from './extractive-writer.js';
import type { Story } from './group-stories.js';
import { limited } from './item.js';
import { keep, kept, keptBefore } from './kept.js';
import { OVERVIEW_CHARACTERS, OVERVIEW_STORIES, SUMMARY_CHARACTERS } from './limits.js';
import { llmWriter } from './llm-writer.js';
import { withoutAddresses } from './text/without-addresses.js';
import type { StoryText, Writer } from './writer.js';

/** Stories between two looks at the clock and at whether the job was cancelled. */
const SAVED_EVERY = 10;

/** Sums up each story, then all of them. What an attempt has written is kept for the next one. */
export function createSummarize(deps: StepDeps): StepRun<DigestParams> {
  return async (params, context) => {
    const stories = await keptBefore(context, 'stories');
    if (stories.length === 0) {
      await keep(context, 'overview', '');
      return;
    }
    const selection = await keptBefore(context, 'selection');
    const extractive = extractiveWriter(selection.items, params.language);
    const writer =
      params.summarizer === 'llm' ? await llmWriter(deps, params, context, extractive) : extractive;
    const summaries = await summarizeStories(writer, stories, context);
    const overview = await writer.writeOverview(
      params.topic,
      overviewTexts(stories, summaries),
      context.signal,
    );
    await keep(context, 'overview', limited(withoutAddresses(overview), OVERVIEW_CHARACTERS));
    context.report(counted(stories.length, stories.length, 'stories'));
  };
}

async function summarizeStories(
  writer: Writer,
  stories: readonly Story[],
  context: StepContext,
): Promise<Readonly<Record<string, string>>> {
  const summaries: Record<string, string> = { ...(await kept(context, 'summaries')) };
  const total = stories.length;
  for (const [done, story] of stories.entries()) {
    const { number } = story[0];
    if (summaries[number] !== undefined) continue;
    context.signal.throwIfAborted();
    context.report(counted(done, total, 'stories'));
    const onText = (text: string): void => context.report({ ...counted(done, total, 'stories'), text });
    const summary = await writer.writeStory(story, context.signal, onText);
    summaries[number] = limited(withoutAddresses(summary), SUMMARY_CHARACTERS);
    if (writer.isCostly() || done % SAVED_EVERY === 0) await keep(context, 'summaries', summaries);
    context.report(counted(done + 1, total, 'stories'));
    // Reading texts takes the whole process for a moment: others get their turn.
    await nextTurn();
  }
  await keep(context, 'summaries', summaries);
  return summaries;
}

function overviewTexts(stories: readonly Story[], summaries: Readonly<Record<string, string>>): StoryText[] {
  return stories
    .slice(0, OVERVIEW_STORIES)
    .map(([{ number, title }]) => ({ title, summary: summaries[number] ?? '' }));
}
