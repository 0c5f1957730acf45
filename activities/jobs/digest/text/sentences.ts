import { searchTokens } from '../../../../core/search/index.js';

/** More are not read of one text. */
const SENTENCES_MAX = 60;
/** Longer ones are lists and tables, shorter ones say nothing. */
const SENTENCE_CHARACTERS_MAX = 400;
const SENTENCE_TOKENS_MIN = 4;
/** What is left of a word without its endings, near enough to tell which sentences speak of the same. */
const STEM_CHARACTERS = 6;
const FALLBACK_LANGUAGE = 'en';

/** "Dr.", "U.S.", "St." and initials end no sentence. */
const ABBREVIATION = /(?:^|[\s("'“„«])(?:\p{Lu}\p{L}{0,2}|(?:\p{L}\.)+\p{L}|vs|etc|approx)\.\s*$/u;
/** What sites put below their texts. */
const BOILERPLATE =
  /\b(?:read more|continue reading|click here|sign up|subscribe|newsletter|appeared first on|all rights reserved|cookies?)\b|\[…\]|\[\.\.\.\]/i;

/** The sentences of a text on one line that are worth being quoted, in their order, each once. */
export function sentencesOf(text: string, language: string | undefined): string[] {
  const sentences: string[] = [];
  let open = '';
  for (const { segment } of segmenterFor(language, 'sentence').segment(text)) {
    open += segment;
    if (ABBREVIATION.test(open)) continue;
    sentences.push(open.trim());
    open = '';
    if (sentences.length === SENTENCES_MAX) break;
  }
  if (sentences.length < SENTENCES_MAX) sentences.push(open.trim());
  return [...new Set(sentences.filter(isQuotable))];
}

function isQuotable(sentence: string): boolean {
  if (sentence.length > SENTENCE_CHARACTERS_MAX || BOILERPLATE.test(sentence)) return false;
  // What was cut off is no sentence.
  return !sentence.endsWith('…') && searchTokens(sentence).length >= SENTENCE_TOKENS_MIN;
}

/** The words of a text, as its language parts them, folded and without their endings: those differ in most languages. */
export function wordsOf(text: string, language: string | undefined): string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenterFor(language, 'word').segment(text)) {
    if (isWordLike === true) words.push(searchTokens(segment).join('').slice(0, STEM_CHARACTERS));
  }
  return words.filter((word) => word !== '');
}

const segmenters = new Map<string, Intl.Segmenter>();
/** Languages of one process; a job names one. */
const SEGMENTERS_MAX = 50;

/** Never that of this machine: the same items give the same digest everywhere. */
function segmenterFor(language: string | undefined, granularity: 'sentence' | 'word'): Intl.Segmenter {
  const key = `${granularity} ${language}`;
  const known = segmenters.get(key);
  if (known !== undefined) return known;
  if (segmenters.size >= SEGMENTERS_MAX) segmenters.clear();
  const segmenter = new Intl.Segmenter(knownLanguage(language), { granularity });
  segmenters.set(key, segmenter);
  return segmenter;
}

function knownLanguage(language: string | undefined): string {
  try {
    return Intl.Segmenter.supportedLocalesOf(language ?? [])[0] ?? FALLBACK_LANGUAGE;
  } catch {
    return FALLBACK_LANGUAGE;
  }
}
