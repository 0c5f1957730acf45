import { mapRuns } from './links.js';

/** Stands between "@" and a name: invisible, takes no room, and no messenger finds a mention across it. */
const WORD_JOINER = '\u2060';
const MENTION = /(?<![A-Za-z0-9_])@(?=[A-Za-z0-9_&!])/g;

/** Keeps names after "@" from being mentions: nobody is called by the title of an item. Links stay as they are. */
export function withoutMentions(text: string): string {
  return mapRuns(text, {
    words: (words) => words.replaceAll(MENTION, `@${WORD_JOINER}`),
    links: (link) => link,
  });
}
