import type { Story } from './group-stories.js';

/** What doubling the number of sources that report a story is worth, in shares of the whole list. */
const SOURCES_WEIGHT = 0.2;

/** Orders stories by their place, which says how well they match, and by how many sources report them. */
export function rankStories<Item extends { readonly source: string }>(
  stories: readonly Story<Item>[],
): Story<Item>[] {
  const scored = stories.map((story, place) => {
    const sources = new Set(story.map(({ source }) => source)).size;
    return { story, score: 1 - place / stories.length + SOURCES_WEIGHT * Math.log2(sources) };
  });
  return scored.sort((left, right) => right.score - left.score).map(({ story }) => story);
}
