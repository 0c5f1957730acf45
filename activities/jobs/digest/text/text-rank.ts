import type { WordWeight } from './word-weights.js';

/** A sentence as weighted words, of length 1. */
export type SentenceVector = ReadonlyMap<string, number>;

/** Share of the rank that a sentence passes on to those like it. */
const DAMPING = 0.85;
/** Ranks of a hundred sentences do not change visibly after that. */
const ROUNDS = 30;

export function vectorOf(words: readonly string[], weightOf: WordWeight): SentenceVector {
  const weights = new Map<string, number>();
  for (const word of words) weights.set(word, (weights.get(word) ?? 0) + weightOf(word));
  const length = Math.sqrt([...weights.values()].reduce((sum, weight) => sum + weight * weight, 0));
  return new Map([...weights].map(([word, weight]) => [word, length === 0 ? 0 : weight / length]));
}

/** Cosine of two sentences: 0 for nothing in common, 1 for the same words. */
export function similarityOf(left: SentenceVector, right: SentenceVector): number {
  const [small, large] = left.size < right.size ? [left, right] : [right, left];
  let sum = 0;
  for (const [word, weight] of small) sum += weight * (large.get(word) ?? 0);
  return sum;
}

/** TextRank: a sentence matters when it is like many that matter. Ranks are about 1 on the average. */
export function rankSentences(vectors: readonly SentenceVector[]): number[] {
  const links = vectors.map((left, row) =>
    vectors.map((right, column) => (row === column ? 0 : similarityOf(left, right))),
  );
  const sums = links.map((row) => row.reduce((sum, link) => sum + link, 0));
  let ranks = vectors.map(() => 1);
  for (let round = 0; round < ROUNDS; round += 1) {
    ranks = vectors.map((_vector, index) => {
      const received = links.reduce((sum, row, from) => {
        const total = sums[from] ?? 0;
        return total === 0 ? sum : sum + ((row[index] ?? 0) / total) * (ranks[from] ?? 0);
      }, 0);
      return 1 - DAMPING + DAMPING * received;
    });
  }
  return ranks;
}
