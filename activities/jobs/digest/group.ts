import type { DigestParams } from '../../../core/jobs/params.js';
import { counted } from '../../../core/jobs/step.js';
import type { StepRun } from '../step-context.js';
import { groupStories, type Story } from './group-stories.js';
import { keep, keptBefore } from './kept.js';
import { TEXTS_PER_STORY } from './limits.js';
import { rankStories } from './rank-stories.js';

/** Puts duplicates together and chooses the stories that go into the digest. */
export const group: StepRun<DigestParams> = async (params, context) => {
  const { items } = await keptBefore(context, 'selection');
  context.report({ percent: 0, done: 0, unit: 'stories' });
  const stories = rankStories(groupStories(items)).slice(0, params.max_items);
  await keep(context, 'stories', stories.map(fullestFirst).map(withNeededTexts));
  context.report(counted(stories.length, stories.length, 'stories'));
};

/** Shows the report that people can open and that says most; of equal ones the best match. */
function fullestFirst(story: Story): Story {
  const [first, ...others] = story.toSorted(
    (left, right) =>
      Number(right.link !== null) - Number(left.link !== null) || right.text.length - left.text.length,
  );
  return [first ?? story[0], ...others];
}

/** Further reports are only linked. */
function withNeededTexts(story: Story): Story {
  const [first, ...others] = story;
  return [
    first,
    ...others.map((item, index) => (index + 1 < TEXTS_PER_STORY ? item : { ...item, text: '' })),
  ];
}
