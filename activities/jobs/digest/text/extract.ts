import { sentencesOf, wordsOf } from './sentences.js';
import { rankSentences, similarityOf, vectorOf, type SentenceVector } from './text-rank.js';
import type { WordWeight } from './word-weights.js';

export interface Extraction {
  /** Texts on one line each; the first one is the one that is shown. */
  readonly texts: readonly string[];
  /** What stands above the summary already. */
  readonly title: string;
  readonly language: string | undefined;
  readonly weightOf: WordWeight;
  readonly sentencesMax: number;
  readonly charactersMax: number;
}

interface Sentence {
  readonly text: string;
  /** Place in its text. */
  readonly place: number;
  readonly vector: SentenceVector;
}

/** Sentences that share this much say the same. */
const SAME_SENTENCE = 0.6;
/** A sentence that only repeats the title. */
const SAME_AS_TITLE = 0.85;
/** How quickly sentences lose weight with their place: news say first what matters. */
const PLACE_WEIGHT = 0.3;
/** What a sentence gains by sharing words with the title. */
const TITLE_WEIGHT = 0.5;
/** Scores that differ by less are equal: sums of fractions depend on their order. */
const SCORE_DIGITS = 9;
/** Sentences that are compared with each other. */
const COMPARED_MAX = 80;

/**
 * The sentences that say most about the texts, in the order in which they stand there. The same texts give the same summary. Empty
 * when there is no sentence, e.g. because only titles are known.
 */
export function extractSummary(extraction: Extraction): string {
  const { title, language, weightOf, sentencesMax, charactersMax } = extraction;
  const titleVector = vectorOf(wordsOf(title, language), weightOf);
  const sentences = candidatesOf(extraction).filter(
    ({ vector }) => similarityOf(vector, titleVector) < SAME_AS_TITLE,
  );
  const ranks = rankSentences(sentences.map(({ vector }) => vector));
  const scored = sentences.map((sentence, index) => {
    const nearTitle = 1 + TITLE_WEIGHT * similarityOf(sentence.vector, titleVector);
    const score = ((ranks[index] ?? 0) * nearTitle) / (1 + PLACE_WEIGHT * sentence.place);
    return { sentence, index, score: Number(score.toFixed(SCORE_DIGITS)) };
  });
  const chosen: typeof scored = [];
  let characters = 0;
  for (const candidate of scored.toSorted(
    (left, right) => right.score - left.score || left.index - right.index,
  )) {
    const { text, vector } = candidate.sentence;
    if (chosen.length === sentencesMax) break;
    if (characters + text.length > charactersMax) continue;
    if (chosen.some(({ sentence }) => similarityOf(sentence.vector, vector) > SAME_SENTENCE)) continue;
    chosen.push(candidate);
    characters += text.length + 1;
  }
  return chosen
    .sort((left, right) => left.index - right.index)
    .map(({ sentence }) => sentence.text)
    .reduce(joinedTo, '');
}

/** Scripts that are written without spaces have none between sentences either. */
function joinedTo(before: string, sentence: string): string {
  return before === '' || /[。！？]$/.test(before) ? before + sentence : `${before} ${sentence}`;
}

function candidatesOf({ texts, language, weightOf }: Extraction): Sentence[] {
  const all = texts.flatMap((text) =>
    sentencesOf(text, language).map((sentence, place) => ({ text: sentence, place })),
  );
  return all
    .filter(({ text }, index) => all.findIndex((other) => other.text === text) === index)
    .slice(0, COMPARED_MAX)
    .map((sentence) => ({ ...sentence, vector: vectorOf(wordsOf(sentence.text, language), weightOf) }));
}
