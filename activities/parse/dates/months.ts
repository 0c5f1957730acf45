/**
 * Beginnings of the names of months, without accents, in the languages that feeds are met in. Where two fit, the longer
 * one decides (Finnish `marraskuu` is November).
 */
const BEGINNINGS: readonly string[] = [
  'jan ene gen sty янв led oca tam',
  'feb fev lut фев uno sub hel',
  'mar maa mrt mrz мар bre',
  'apr abr avr kwi апр dub nis huh',
  'may mai mei maj mag май мая kve tou',
  'jun juin giu cze июн cerven haz kes',
  'jul juil lug lip июл cervenec tem hei',
  'aug ago aou sie авг srp agu elo',
  'sep set wrz сен zar eyl syy',
  'oct okt ott out paz окт rij eki lok',
  'nov lis ноя kas marr',
  'dec des dez dic gru дек pro ara jou',
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
