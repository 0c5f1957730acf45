import { searchTokens } from '../../../core/search/index.js';

/** A title as it is compared with others. */
export interface TitleShingles {
  /** Words and pairs of neighbours. */
  readonly shingles: ReadonlySet<string>;
  /** Words with digits: another number is another story. */
  readonly numbers: string;
  /** False for titles that say too little to be compared. */
  readonly isTelling: boolean;
}

/** The name of the site at the end of a title: "... - The Daily Example". */
const SITE_NAME = /(?:\s[-–—·»]\s|\s?[|｜])[^-–—·»|｜]{1,40}$/u;
/** Shorter titles, such as "Live blog", are the same by chance. */
const TELLING_TOKENS_MIN = 4;

export function titleShingles(title: string): TitleShingles {
  const tokens = tokensOf(title);
  const pairs = tokens.slice(1).map((token, index) => `${tokens[index]} ${token}`);
  return {
    shingles: new Set([...tokens, ...pairs]),
    numbers: [...new Set(tokens.filter((token) => /\p{N}/u.test(token)))].sort().join(' '),
    isTelling: tokens.length >= TELLING_TOKENS_MIN,
  };
}

/** How much of two titles is the same, 0 to 1. */
export function similarity(left: TitleShingles, right: TitleShingles): number {
  if (!left.isTelling || !right.isTelling || left.numbers !== right.numbers) return 0;
  const shared = [...left.shingles].filter((shingle) => right.shingles.has(shingle)).length;
  return shared / (left.shingles.size + right.shingles.size - shared);
}

function tokensOf(title: string): string[] {
  const shortened = searchTokens(title.replace(SITE_NAME, ''));
  return shortened.length >= TELLING_TOKENS_MIN ? shortened : searchTokens(title);
}
