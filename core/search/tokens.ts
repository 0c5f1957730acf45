/** Scripts that are written without spaces between words, or with endings that stick to them: each character is a token. */
const UNSPACED =
  '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}';
/** These scripts have symbols, too, as the radicals of dictionaries, of which no word is made. */
const READABLE = '[\\p{L}\\p{N}\\p{M}]';
const TOKEN = new RegExp(`(?=${READABLE})[${UNSPACED}]\\p{M}*|(?:(?![${UNSPACED}])${READABLE})+`, 'gu');
/** Accents and vowel points, which people leave out. The marks of other scripts are part of the letter. */
const OPTIONAL_MARKS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g;
/** Longer ones are no words but data, and databases do not take any length. */
const TOKEN_CHARACTERS_MAX = 64;

/** A text with letters in one form: lower case, without accents, of one width. */
function foldText(text: string): string {
  return text.toLowerCase().normalize('NFKD').replaceAll(OPTIONAL_MARKS, '').normalize('NFC');
}

/** What full-text search compares: folded words, and the single characters of scripts that do not part their words. */
export function searchTokens(text: string): string[] {
  return (foldText(text).match(TOKEN) ?? []).map((token) => token.slice(0, TOKEN_CHARACTERS_MAX));
}
