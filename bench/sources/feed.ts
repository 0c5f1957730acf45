/** Items of each feed: about what a news site lists. */
const ITEMS = 20;

const feeds = new Map<string, { readonly body: string; readonly etag: string }>();

/** The feed of a source, always the same: about 8 KB. */
export function feedOf(name: string): { readonly body: string; readonly etag: string } {
  let feed = feeds.get(name);
  if (feed === undefined) feeds.set(name, (feed = { body: rss(name), etag: `"${name}"` }));
  return feed;
}

function rss(name: string): string {
  const items = Array.from({ length: ITEMS }, (_, index) => item(name, index)).join('\n');
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>${name}</title><link>https://${name}.example/</link>
${items}
</channel></rss>`;
}

function item(name: string, index: number): string {
  const published = new Date(Date.UTC(2026, 0, 31) - index * 3_600_000).toUTCString();
  const text = 'What happened, told in a few words that nobody will read in a benchmark. '.repeat(2);
  return `<item><guid isPermaLink="false">${name}-${index}</guid><title>Item ${index} of ${name}</title>
<link>https://${name}.example/items/${index}</link><pubDate>${published}</pubDate><description>${text}</description></item>`;
}
