import type { DigestItem } from './item.js';
import {
  OVERVIEW_CHARACTERS,
  OVERVIEW_SENTENCES,
  SUMMARY_CHARACTERS,
  SUMMARY_SENTENCES,
  TEXTS_PER_STORY,
} from './limits.js';
import { extractSummary } from './text/extract.js';
import { wordWeights } from './text/word-weights.js';
import type { Writer } from './writer.js';

/** Quotes the sentences that say most. `items` are those of the whole digest: they show which words are common. */
export function extractiveWriter(items: readonly DigestItem[], language: string | undefined): Writer {
  const weightOf = wordWeights(
    items.map(({ title, text }) => `${title}. ${text}`),
    language,
  );
  const shared = { language, weightOf };
  return {
    isCostly: () => false,
    writeStory: (story) =>
      Promise.resolve(
        extractSummary({
          ...shared,
          texts: story.slice(0, TEXTS_PER_STORY).map(({ text }) => text),
          title: story[0].title,
          sentencesMax: SUMMARY_SENTENCES,
          charactersMax: SUMMARY_CHARACTERS,
        }),
      ),
    writeOverview: (topic, stories) =>
      Promise.resolve(
        extractSummary({
          ...shared,
          texts: stories.map(({ summary }) => summary),
          title: topic,
          sentencesMax: OVERVIEW_SENTENCES,
          charactersMax: OVERVIEW_CHARACTERS,
        }),
      ),
  };
}
