import { searchTokens } from './tokens.js';

/** Something that a text holds or not. */
export interface SearchTerm {
  /** At least one; several stand next to each other in this order. */
  readonly tokens: readonly string[];
  /** The last token may go on, as in `elect*`. */
  readonly isPrefix: boolean;
}

/** What is looked for: of every group one term, and none of the excluded ones. */
export interface Topic {
  readonly groups: readonly (readonly SearchTerm[])[];
  readonly excluded: readonly SearchTerm[];
}

/** The topic says nothing that could be looked for. */
export class TopicError extends Error {
  override readonly name = 'TopicError';
}

/** A longer topic is no topic. */
export const TOPIC_CHARACTERS_MAX = 500;
/** More terms than anybody means; each costs a look into the index. */
const TERMS_MAX = 40;
const PART = /(-?)(?:["“”„«»]([^"“”„«»]*)["“”„«»]?|(\S+))/gu;
const ALTERNATIVE = 'OR';

/**
 * Reads a topic: `words` that must all occur, `"phrases"`, `-not`, `begin*` and `this OR that`. Case and accents do not matter.
 * @throws {TopicError} when it is too long, or names nothing that must occur.
 */
export function parseTopic(text: string): Topic {
  if (text.length > TOPIC_CHARACTERS_MAX) {
    throw new TopicError(`the topic is longer than ${TOPIC_CHARACTERS_MAX} characters`);
  }
  const groups: SearchTerm[][] = [];
  const excluded: SearchTerm[] = [];
  let joinsLast = false;
  for (const [, minus, phrase, word] of text.matchAll(PART)) {
    if (word === ALTERNATIVE && minus === '') {
      joinsLast = groups.length > 0;
      continue;
    }
    const term = termOf(phrase ?? word ?? '', phrase === undefined);
    if (term === null) continue;
    const last = groups.at(-1);
    if (minus === '-') excluded.push(term);
    else if (joinsLast && last !== undefined) last.push(term);
    else groups.push([term]);
    joinsLast = false;
  }
  if (groups.length === 0) {
    throw new TopicError(`the topic "${text}" names nothing to look for: give at least one word or "phrase"`);
  }
  if (groups.flat().length + excluded.length > TERMS_MAX) {
    throw new TopicError(`the topic has more than ${TERMS_MAX} words and phrases`);
  }
  return { groups, excluded };
}

function termOf(written: string, mayBePrefix: boolean): SearchTerm | null {
  const tokens = searchTokens(written);
  return tokens.length === 0 ? null : { tokens, isPrefix: mayBePrefix && written.endsWith('*') };
}
