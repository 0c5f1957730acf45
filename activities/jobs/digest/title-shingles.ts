import { nameSomething, titleWords } from './title-words.js';

/** A title as it is compared with others. */
export interface TitleShingles {
  /** The words that say something, in order: the same for titles that differ in nothing that matters. */
  readonly words: string;
  /** Words and pairs of neighbours. */
  readonly shingles: ReadonlySet<string>;
  /** Words with digits: another number is another story. */
  readonly numbers: string;
  /** False for titles that say too little to be compared with others than equal ones. */
  readonly isTelling: boolean;
  /** False for titles that are the same by chance, such as "Live blog". */
  readonly isAboutSomething: boolean;
}

/** The name of the site at the end of a title: "... - The Daily Example". */
const SITE_NAME = /(?:\s[-–—·»]\s|\s?[|｜])[^-–—·»|｜]{1,40}$/u;
/** Of fewer words one more or less makes another story. */
const TELLING_WORDS_MIN = 3;
/** Titles that share this much are about the same. */
const SIMILARITY_MIN = 0.65;

export function titleShingles(title: string): TitleShingles {
  const words = wordsOf(title);
  const pairs = words.slice(1).map((word, index) => `${words[index]} ${word}`);
  return {
    words: words.join(' '),
    shingles: new Set([...words, ...pairs]),
    numbers: [...new Set(words.filter((word) => /\p{N}/u.test(word)))].sort().join(' '),
    isTelling: words.length >= TELLING_WORDS_MIN,
    isAboutSomething: nameSomething(words),
  };
}

/** True when two titles are the same but for words that do not matter, or nearly so. */
export function areAlike(left: TitleShingles, right: TitleShingles): boolean {
  if (left.words === right.words) return left.isAboutSomething;
  return similarity(left, right) >= SIMILARITY_MIN;
}

/** How much of two titles is the same, 0 to 1. */
function similarity(left: TitleShingles, right: TitleShingles): number {
  if (!left.isTelling || !right.isTelling || left.numbers !== right.numbers) return 0;
  const shared = [...left.shingles].filter((shingle) => right.shingles.has(shingle)).length;
  return shared / (left.shingles.size + right.shingles.size - shared);
}

function wordsOf(title: string): string[] {
  const shortened = titleWords(title.replace(SITE_NAME, ''));
  return shortened.length >= TELLING_WORDS_MIN ? shortened : titleWords(title);
}
