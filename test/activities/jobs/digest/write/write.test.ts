/**
 * Goal: a digest opens everywhere, and nothing that an item says can become markup, a script or a link.
 * Method: every form is written from hostile and from random texts and read by a parser that counts what it finds.
 */
import { describe, expect, it } from '@jest/globals';
import { load, type CheerioAPI } from 'cheerio';
import fc from 'fast-check';
import { parseJsonFeed } from 'feedsmith';
import type { DigestDocument, DigestStory } from '../../../../../activities/jobs/digest/document.js';
import { safeLink } from '../../../../../activities/jobs/digest/safe-link.js';
import { toHtml } from '../../../../../activities/jobs/digest/write/html.js';
import { toJsonFeed } from '../../../../../activities/jobs/digest/write/json-feed.js';
import { toMarkdown } from '../../../../../activities/jobs/digest/write/markdown.js';
import { readJsonFeed } from '../../../../support/json-feed.js';

const AT = '2026-03-01T12:00:00.000Z';

function story(changes: Partial<DigestStory> = {}): DigestStory {
  return {
    number: 7,
    source: 'news',
    title: 'Bridge opened',
    link: 'https://example.org/bridge',
    date: '2026-03-01T10:30:00Z',
    author: null,
    summary: 'The bridge is open.',
    others: [],
    ...changes,
  };
}

function digest(changes: Partial<DigestDocument> = {}): DigestDocument {
  return {
    topic: 'bridge',
    from: '2026-02-28T12:00:00.000Z',
    to: AT,
    createdAt: AT,
    language: undefined,
    overview: '',
    found: 1,
    stories: [story()],
    ...changes,
  };
}

/** Reads a page as browsers do and fails for whatever is not valid in it. */
function openPage(html: string): CheerioAPI {
  const errors: string[] = [];
  const page = load(html, { onParseError: ({ code }) => errors.push(code) });
  expect(errors).toEqual([]);
  return page;
}

const other = { source: 'blog', title: 'Bridge!', link: 'https://blog.example/1', date: AT, author: 'Ann' };
const HOSTILE = `</title><script>alert(1)</script><img src=x onerror=alert(1)> " ' & [x](javascript:alert(1)) \\ \`a\` <!--`;
const hostileStory = story({
  title: HOSTILE,
  summary: HOSTILE,
  source: 'news',
  author: HOSTILE,
  link: safeLink(`https://example.org/?q="><script>alert(1)</script>)`),
  others: [{ ...other, title: HOSTILE, author: HOSTILE }],
});
const hostile = digest({ topic: HOSTILE, overview: HOSTILE, stories: [hostileStory] });

const text = fc
  .string({ unit: 'grapheme' })
  .map((value) => value.replaceAll(/[\s\p{Cc}\p{Cn}]+/gu, ' ').trim());
const anyDigest = fc
  .record({ topic: text, overview: text, title: text, summary: text, author: text })
  .map(({ topic, overview, title, summary, author }) =>
    digest({ topic, overview, stories: [story({ title, summary, author, others: [{ ...other, title }] })] }),
  );

describe('the page of a digest', () => {
  it('is valid, loads nothing from elsewhere, follows light and dark, and leads to the originals', () => {
    const page = openPage(
      toHtml(
        digest({
          overview: 'All is well.',
          language: 'pt-BR',
          stories: [story({ others: [other] }), story()],
        }),
      ),
    );
    expect(page('html').attr('lang')).toBe('pt-BR');
    expect(page('title').text()).toBe('Digest: bridge');
    expect(page('article')).toHaveLength(2);
    expect(
      page('a')
        .toArray()
        .map((link) => page(link).attr('href')),
    ).toEqual(['https://example.org/bridge', 'https://blog.example/1', 'https://example.org/bridge']);
    expect(page('[src], link, script, iframe, object, embed, form')).toHaveLength(0);
    expect(page('meta[name="color-scheme"]').attr('content')).toBe('light dark');
    expect(page('style').text()).toContain('prefers-color-scheme: dark');
    expect(page('.facts').text()).toBe(
      '2 stories from 1 item of 2 sources, 2026-02-28 12:00 to 2026-03-01 12:00 UTC.',
    );
  });

  it('shows hostile texts as they are written', () => {
    const page = openPage(toHtml(hostile));
    expect(page('script, img')).toHaveLength(0);
    expect(page('h1').text()).toBe(`Digest: ${HOSTILE}`);
    expect(page('h2 a').text()).toBe(HOSTILE);
    expect(page('h2 a').attr('href')).toBe(
      'https://example.org/?q=%22%3E%3Cscript%3Ealert%281%29%3C/script%3E%29',
    );
  });

  it('is the same page with any texts', () => {
    const tags = (page: CheerioAPI) =>
      page('*')
        .toArray()
        .map((element) => page(element).prop('tagName'))
        .join(' ');
    fc.assert(
      fc.property(anyDigest, (document) => {
        const page = openPage(toHtml(document));
        const [{ title, summary }] = document.stories as [DigestStory];
        const plain = digest({
          overview: document.overview && 'x',
          stories: [story({ summary: summary && 'x', author: 'x', others: [other] })],
        });
        expect(tags(page)).toBe(tags(openPage(toHtml(plain))));
        expect(page('h2 a').text()).toBe(title);
      }),
    );
  });
});

describe('the Markdown of a digest', () => {
  it('has headings, links and lists', () => {
    const document = digest({
      overview: '1. All is well.',
      stories: [story({ others: [other] }), story({ link: null, summary: '' })],
    });
    expect(toMarkdown(document)).toBe(
      [
        '# Digest: bridge',
        '2 stories from 1 item of 2 sources, 2026-02-28 12:00 to 2026-03-01 12:00 UTC.',
        '1\\. All is well.',
        '## [Bridge opened](<https://example.org/bridge>)',
        '*news, 2026-03-01 10:30*',
        'The bridge is open.',
        '- [Bridge!](<https://blog.example/1>) (blog, 2026-03-01 12:00)',
        '## Bridge opened',
        '*news, 2026-03-01 10:30*',
        '',
      ]
        .join('\n\n')
        .replace(/\n\n$/, '\n'),
    );
  });

  it('lets no text become syntax', () => {
    const syntax = (markdown: string) => ({
      unescaped: markdown
        .replaceAll(/\\[!-/:-@[-`{-~]/g, '')
        .replaceAll(/\(<https:[^\s<>]*>\)/g, '')
        .match(/[`<>&|~\\]/g),
      links: markdown.replaceAll(/\\[!-/:-@[-`{-~]/g, '').match(/\]\(<https:[^\s<>]*>\)/g)?.length,
      blocks: markdown.split('\n').filter((line) => /^(?:#|[-+*=] |\d+[.)]|[-=]{2,})/.test(line)).length,
    });
    const plain = { unescaped: null, links: 2, blocks: 3 };
    expect(syntax(toMarkdown(hostile))).toEqual(plain);
    fc.assert(
      fc.property(anyDigest, (document) => {
        expect(syntax(toMarkdown(document))).toEqual(plain);
      }),
    );
  });
});

describe('the JSON Feed of a digest', () => {
  it('is a JSON Feed 1.1 with what the digest says', () => {
    const text = toJsonFeed(
      digest({
        overview: 'All is well.',
        language: 'en',
        stories: [story({ author: 'Ann', others: [other] })],
      }),
    );
    readJsonFeed(text);
    const feed = parseJsonFeed(text);
    expect(feed).toMatchObject({ title: 'Digest: bridge', language: 'en' });
    expect(feed.items).toEqual([
      expect.objectContaining({
        id: 'source/news#7',
        url: 'https://example.org/bridge',
        title: 'Bridge opened',
        content_text: 'The bridge is open.',
        authors: [{ name: 'Ann' }],
      }),
    ]);
    const raw = JSON.parse(text) as {
      version: string;
      items: { date_published: string; _holdfast: unknown }[];
    };
    expect(raw.version).toBe('https://jsonfeed.org/version/1.1');
    expect(raw.items[0]?.date_published).toBe('2026-03-01T10:30:00.000Z');
    expect(raw.items[0]).toHaveProperty('_holdfast', {
      source: 'news',
      others: [{ source: 'blog', title: 'Bridge!', url: 'https://blog.example/1', date_published: AT }],
    });
  });

  it('keeps to the form whatever the texts: ids that differ, and text in every item', () => {
    const bare = story({ number: 8, link: null, summary: '' });
    const feed = JSON.parse(toJsonFeed({ ...hostile, stories: [hostileStory, bare] })) as {
      items: Record<string, unknown>[];
    };
    expect(feed.items.map(({ id }) => id)).toEqual(['source/news#7', 'source/news#8']);
    expect(feed.items.map(({ content_text: content }) => content)).toEqual([HOSTILE, 'Bridge opened']);
    expect(feed.items[1]).not.toHaveProperty('url');
    expect(parseJsonFeed(JSON.stringify(feed)).items).toHaveLength(2);
    expect(readJsonFeed(JSON.stringify(feed)).items).toHaveLength(2);
    fc.assert(fc.property(anyDigest, (document) => void readJsonFeed(toJsonFeed(document))));
  });
});

describe('a digest without items', () => {
  it('says so in every form', () => {
    const empty = digest({ found: 0, stories: [] });
    const words = 'No items matched the topic from 2026-02-28 12:00 to 2026-03-01 12:00 UTC.';
    expect(toMarkdown(empty)).toBe(`# Digest: bridge\n\n${words}\n`);
    expect(openPage(toHtml(empty))('main').text()).toContain(words);
    expect(JSON.parse(toJsonFeed(empty))).toMatchObject({ description: words, items: [] });
  });
});
