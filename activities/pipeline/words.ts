/** A quote that is never closed, or a backslash at the end. */
export class UnfinishedWordError extends Error {
  constructor(mark: string) {
    super(`erroneous pipeline: a ${mark} is never closed`);
    this.name = 'UnfinishedWordError';
  }
}

const SPACE = /\s/;

/**
 * Splits a line into words as a shell does, quotes and backslashes included, but expands nothing: what works at a prompt works in the configuration.
 * @throws {UnfinishedWordError}
 */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let index = 0; index < line.length; index += 1) {
    const character = line[index] as string;
    if (character === quote) {
      quote = null;
    } else if (quote === null && (character === '"' || character === "'")) {
      quote = character;
      word ??= '';
    } else if (character === '\\' && quote !== "'") {
      index += 1;
      if (index >= line.length) throw new UnfinishedWordError('backslash');
      word = (word ?? '') + escaped(line[index] as string, quote);
    } else if (quote === null && SPACE.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote !== null) throw new UnfinishedWordError(quote === '"' ? 'double quote' : 'single quote');
  if (word !== null) words.push(word);
  return words;
}

/** Inside double quotes a backslash is kept before everything that it need not protect. */
function escaped(character: string, quote: '"' | "'" | null): string {
  if (character === '\n') return '';
  return quote === '"' && !['"', '\\', '$', '`'].includes(character) ? `\\${character}` : character;
}
