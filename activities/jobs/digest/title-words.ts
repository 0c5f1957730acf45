import { searchTokens } from '../../../core/search/index.js';

/**
 * Words that titles have or leave out without saying anything else: articles, forms of "to be" and "to have", prepositions of place, in
 * several languages and without accents. None that says no, a direction or a number, and none that is a name or of weight in another
 * language: UN, LA, Dem, "die".
 */
const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a an the and of in on at its is are was were be been has have had ' +
    'der eine einen einem einer und im ist sind ' +
    'le les une du de des et est sont ' +
    'el los las una y del ' +
    'il gli di della delle e uma het een en'
  ).split(' '),
);

/** Words that name a form and not what it is about: "Live blog", "Breaking news", "Open thread". */
const FORM_WORDS: ReadonlySet<string> = new Set(
  (
    'live blog liveblog ticker liveticker news newsletter update updates latest breaking briefing bulletin headlines ' +
    'daily weekly monthly today tonight morning evening podcast episode video videos photo photos picture pictures gallery ' +
    'opinion editorial column comment letters review reviews roundup recap digest summary links thread open weather agenda ' +
    'aktuell nachrichten direct directo diretta direto actualites noticias notizie'
  ).split(' '),
);

/** The words of a title that say something, folded; all of them where no others are left. */
export function titleWords(title: string): string[] {
  const words = searchTokens(title);
  const telling = words.filter((word) => !STOP_WORDS.has(word));
  return telling.length === 0 ? words : telling;
}

/** True when the words say what something is about, and not only what kind of thing it is. */
export function nameSomething(words: readonly string[]): boolean {
  return words.some((word) => !FORM_WORDS.has(word));
}
