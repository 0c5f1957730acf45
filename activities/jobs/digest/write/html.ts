import { describeDigest, minuteOf, type DigestDocument, type DigestStory, type Report } from '../document.js';
import { STYLE } from './style.js';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A page on its own: without scripts, and without anything that would be loaded from elsewhere. */
export function toHtml(document: DigestDocument): string {
  const title = escaped(`Digest: ${document.topic}`);
  // The words around the items are English.
  const language = escaped(document.language ?? 'en');
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>${title}</title>
<style>
${STYLE}</style>
</head>
<body>
<main>
<h1 dir="auto">${title}</h1>
<p class="facts">${escaped(describeDigest(document))}</p>
${document.overview === '' ? '' : `<p class="overview" dir="auto">${escaped(document.overview)}</p>\n`}${document.stories.map(storyHtml).join('')}</main>
</body>
</html>
`;
}

function storyHtml(story: DigestStory): string {
  const summary = story.summary === '' ? '' : `<p dir="auto">${escaped(story.summary)}</p>\n`;
  const others = story.others
    .map((other) => `<li>${linked(other)} <span class="origin">${origin(other)}</span></li>\n`)
    .join('');
  return `<article>
<h2 dir="auto">${linked(story)}</h2>
<p class="origin">${origin(story)}</p>
${summary}${others === '' ? '' : `<ul dir="auto">\n${others}</ul>\n`}</article>
`;
}

function linked({ title, link }: Report): string {
  const text = escaped(title);
  return link === null ? text : `<a href="${escaped(link)}" rel="noopener noreferrer">${text}</a>`;
}

function origin({ source, date, author }: Report): string {
  const by = author === null ? '' : ` · <bdi>${escaped(author)}</bdi>`;
  return `${escaped(source)}${by} · <time datetime="${new Date(date).toISOString()}">${minuteOf(date)}</time>`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}
