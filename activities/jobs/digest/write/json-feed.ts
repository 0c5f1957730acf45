import { describeDigest, type DigestDocument, type DigestStory, type Report } from '../document.js';

/** The digest as a JSON Feed 1.1. What has no place there is under `_holdfast`. */
export function toJsonFeed(document: DigestDocument): string {
  const { topic, language, overview, from, to, createdAt, found, stories } = document;
  const feed = {
    version: 'https://jsonfeed.org/version/1.1',
    title: `Digest: ${topic}`,
    description: describeDigest(document),
    ...(language !== undefined && { language }),
    items: stories.map(feedItem),
    _holdfast: { topic, from, to, created_at: createdAt, items_found: found, overview },
  };
  return `${JSON.stringify(feed, null, 2)}\n`;
}

function feedItem({ number, summary, others, ...report }: DigestStory): object {
  const { title, link, date, author, source } = report;
  return {
    id: `source/${source}#${number}`,
    ...(link !== null && { url: link }),
    title,
    content_text: summary === '' ? title : summary,
    date_published: new Date(date).toISOString(),
    ...(author !== null && { authors: [{ name: author }] }),
    _holdfast: { source, others: others.map(otherReport) },
  };
}

function otherReport({ source, title, link, date }: Report): object {
  return { source, title, url: link, date_published: new Date(date).toISOString() };
}
