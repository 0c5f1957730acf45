import { describeDigest, minuteOf, type DigestDocument, type DigestStory, type Report } from '../document.js';

/** Whatever means something within a line of Markdown, or of HTML in it. */
const INLINE_SYNTAX = /[\\`*_[\]<>&|~]/g;
/** What would begin a heading, a list or a rule at the start of a line. */
const BLOCK_SYNTAX = /^(?:[-+=#:]|\d+(?=[.)]))/;

/** The digest as CommonMark: no HTML, and no links but those to the originals. */
export function toMarkdown(document: DigestDocument): string {
  const blocks = [
    `# Digest: ${inline(document.topic)}`,
    describeDigest(document),
    ...(document.overview === '' ? [] : [startOfLine(document.overview)]),
    ...document.stories.flatMap(storyBlocks),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function storyBlocks(story: DigestStory): string[] {
  return [
    `## ${linked(story)}`,
    `*${origin(story)}*`,
    ...(story.summary === '' ? [] : [startOfLine(story.summary)]),
    ...(story.others.length === 0
      ? []
      : [story.others.map((other) => `- ${linked(other)} (${origin(other)})`).join('\n')]),
  ];
}

function linked({ title, link }: Report): string {
  return link === null ? startOfLine(title) : `[${inline(title)}](<${link}>)`;
}

function origin({ source, date }: Report): string {
  return `${inline(source)}, ${minuteOf(date)}`;
}

function inline(text: string): string {
  return text.replaceAll(INLINE_SYNTAX, (character) => `\\${character}`);
}

function startOfLine(text: string): string {
  return inline(text).replace(BLOCK_SYNTAX, (start) => (/^\d/.test(start) ? `${start}\\` : `\\${start}`));
}
