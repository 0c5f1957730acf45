// The text that announces an item: what goes where, what gives way when there is too much, and what never gets through.
import { describe, expect, it } from '@jest/globals';
import { assert as check, constantFrom, integer, option, property, record, string } from 'fast-check';
import {
  bytesOf,
  charactersOf,
  renderAnnouncement,
  shorten,
  unknownPlaceholders,
} from '../../../core/announce/index.js';

const item = {
  title: 'Comet seen',
  url: 'https://example.org/comet',
  published: '2026-01-02T03:04:05.000Z',
  summary: '<p>A <b>bright</b> comet &amp; its tail.</p>',
};
const EVERYTHING = '{source}: {title}\n{date}\n{summary}\n{link}';
const anyText = string({ unit: 'binary', maxLength: 200 });
const anyItem = record({
  title: option(anyText),
  url: option(anyText),
  published: option(anyText),
  summary: option(anyText),
});

describe('an announcement', () => {
  it('puts everything where the template wants it', () => {
    expect(renderAnnouncement(EVERYTHING, item, 'news')).toBe(
      'news: Comet seen\n2026-01-02 03:04 UTC\nA bright comet & its tail.\nhttps://example.org/comet',
    );
  });

  it('leaves out a line that would be empty, and keeps the others', () => {
    const bare = { ...item, published: null, summary: '<p> </p>' };
    expect(renderAnnouncement('New!\n{title}\n{date} · {summary}\n\n{link}', bare, 'news')).toBe(
      'New!\nComet seen\n\nhttps://example.org/comet',
    );
  });

  it('is never empty', () => {
    const nothing = { title: null, url: null, published: null, summary: null };
    expect(renderAnnouncement('{title}', nothing, 'news')).toBe('news');
    expect(renderAnnouncement('{title}', { ...nothing, url: item.url }, 'news')).toBe(item.url);
  });

  it('puts values in once: braces in a title stay text', () => {
    expect(renderAnnouncement('{title}', { ...item, title: '{link} {{title}}' }, 'news')).toBe(
      '{link} {{title}}',
    );
  });

  it('shortens the summary first and keeps the link whole', () => {
    const long = { ...item, summary: 'word '.repeat(300) };
    const text = renderAnnouncement(EVERYTHING, long, 'news', { max: 200, measure: charactersOf });
    expect(text.length).toBeLessThanOrEqual(200);
    expect(text.length).toBeGreaterThan(190);
    expect(text).toContain('news: Comet seen\n');
    expect(text.endsWith('word…\nhttps://example.org/comet')).toBe(true);
  });

  it('shortens the title when the summary is not enough', () => {
    const long = { ...item, title: 'Comet '.repeat(100) };
    const text = renderAnnouncement('{title}\n{summary}\n{link}', long, 'news', {
      max: 60,
      measure: bytesOf,
    });
    expect(bytesOf(text)).toBeLessThanOrEqual(60);
    expect(text).toMatch(/^Comet .*…\nhttps:\/\/example\.org\/comet$/);
  });

  it('passes on only links that people can follow', () => {
    for (const url of [
      'javascript:alert(1)',
      'data:text/html,x',
      `https://x/${'a'.repeat(3_000)}`,
      'nonsense',
    ])
      expect(renderAnnouncement('{title} {link}', { ...item, url }, 'news')).toBe('Comet seen');
  });

  it('takes out what turns or hides the text around it', () => {
    const title = 'a\u202Eb\u0000c\r\nd\u2066e\uD800f';
    expect(renderAnnouncement('{title}', { ...item, title }, 'news')).toBe('abc def');
  });

  it('reads the words of HTML, not its scripts and comments', () => {
    const summary = '<script>evil()</script><!-- x -->1 &lt; 2 &#8212; <a href="x">read</a> &nope; &#0;';
    expect(renderAnnouncement('{summary}', { ...item, summary }, 'news')).toBe('1 < 2 — read &nope; &#0;');
  });

  it('fits its limit and holds no control character, for any item', () => {
    check(
      property(
        anyItem,
        integer({ min: 1, max: 300 }),
        constantFrom(charactersOf, bytesOf),
        (any, max, measure) => {
          const text = renderAnnouncement(EVERYTHING, any, 'news', { max, measure });
          expect(measure(text)).toBeLessThanOrEqual(max);
          // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
          expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
          expect(() => encodeURIComponent(text)).not.toThrow();
        },
      ),
    );
  });

  it('is done quickly, however hostile the summary is', () => {
    const startedAt = Date.now();
    for (const piece of ['<a', '<script>', '<!--', '&#', '{title', '👨‍👩‍👧'])
      renderAnnouncement(EVERYTHING, { ...item, summary: piece.repeat(200_000) }, 'news');
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('a template', () => {
  it('is told which of its placeholders nobody knows', () => {
    expect(unknownPlaceholders('{title} {url} { title } {} {url} {link')).toEqual(['url', ' title ', '']);
    expect(unknownPlaceholders(EVERYTHING)).toEqual([]);
  });
});

describe('shortening', () => {
  it('cuts no character in half', () => {
    expect(shorten('👨‍👩‍👧👨‍👩‍👧', { max: 12, measure: charactersOf })).toBe('👨‍👩‍👧…');
    expect(shorten('ééé', { max: 5, measure: bytesOf })).toBe('é…');
    expect(shorten('abc', { max: 0, measure: charactersOf })).toBe('');
  });

  it('keeps as much as fits, for any text', () => {
    check(
      property(anyText, integer({ min: 0, max: 100 }), (text, max) => {
        const short = shorten(text, { max, measure: charactersOf });
        expect(short.length).toBeLessThanOrEqual(Math.max(max, 0));
        if (text.length <= max) expect(short).toBe(text);
      }),
    );
  });
});
