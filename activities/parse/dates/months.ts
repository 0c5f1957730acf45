/**
 * Beginnings of the names of months, without accents, in the languages that feeds are met in. Where two fit, the longer
 * one decides (Finnish `marraskuu` is November).
 */
const BEGINNINGS: readonly string[] = [
  'jan ian ene gen gin sty янв січ led oca tam ιαν',
  'feb fev lut фев феб лют uno sub hel φεβ',
  'mar maa mrt mrz мар бер bre μαρ',
  'apr abr avr kwi апр кві dub nis huh απρ',
  'may mai mei mag maj май мая мај тра kve tou μαι',
  'jun iun juin giu cze июн юни јун чер cerven haz kes ιουν',
  'jul iul juil lug lip июл юли јул лип cervenec tem hei ιουλ',
  'aug ago aou sie авг сер srp agu elo αυγ',
  'sep set sze wrz сен вер zar eyl syy σεπ',
  'oct okt ott out paz окт жов rij eki lok οκτ',
  'nov lis ноя ное нов лист kas marr νοε',
  'dec des dez dic gru дек дец гру pro ara jou δεκ',
];

const MONTHS: ReadonlyMap<string, number> = new Map(
  BEGINNINGS.flatMap((words, index) => words.split(' ').map((word) => [plainWord(word), index + 1] as const)),
);
const LONGEST = Math.max(...[...MONTHS.keys()].map((word) => word.length));
const SHORTEST = 3;

/** Lower case without accents, so that `Déc` is `dec`. */
export function plainWord(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC').toLowerCase();
}

/** The number of the month that a word names, 1 to 12; null when it names none. */
export function monthOf(word: string): number | null {
  const plain = plainWord(word);
  for (let length = Math.min(LONGEST, plain.length); length >= SHORTEST; length -= 1) {
    const month = MONTHS.get(plain.slice(0, length));
    if (month !== undefined) return month;
  }
  return null;
}
