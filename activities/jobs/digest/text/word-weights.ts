import { wordsOf } from './sentences.js';

/** How much a word says, 0 and more. */
export type WordWeight = (word: string) => number;

/** Words that stand in many of the texts say little about any of them: this finds the small words of every language. */
export function wordWeights(texts: readonly string[], language: string | undefined): WordWeight {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of new Set(wordsOf(text, language))) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return (word) => Math.log((texts.length + 1) / ((counts.get(word) ?? 0) + 1)) + SMALLEST_WEIGHT;
}

/** Of a word that stands in every text: with few texts, topic words do. */
const SMALLEST_WEIGHT = 0.1;
