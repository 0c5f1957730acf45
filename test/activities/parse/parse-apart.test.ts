/**
 * Goal: a document that takes long to read keeps nobody waiting but itself, and one that takes too much ends alone.
 * Method: documents of real sizes, some of them made to be slow, on the real thread.
 */
import { describe, expect, it } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Parser, parseBody, type ParseInput } from '../../../activities/parse/index.js';

const ITEM = '<item><guid>g</guid><title>One of many</title><link>https://example.org/x</link></item>';

/** A feed of about that many bytes. */
function feedOf(bytes: number, piece = ITEM): ParseInput {
  const text = `<rss version="2.0"><channel><title>${bytes}</title>${piece.repeat(bytes / piece.length)}</channel></rss>`;
  const body = Buffer.from(text);
  return { parse: { kind: 'feed' }, dedup: 'auto', body, contentType: null, url: 'https://example.org/feed' };
}

const small = feedOf(1_000);
const large = feedOf(300_000);
const huge = feedOf(14_000_000);

describe('a large document', () => {
  it('is read as a small one would be', async () => {
    const parser = new Parser();
    expect(await parser.parse(small)).toEqual(parseBody(small));
    expect(await parser.parse(large)).toEqual(parseBody(large));
    expect(await parser.parse(feedOf(300_000, '<b>'))).toEqual({
      kind: 'failed',
      cause: 'parse_error',
      detail: 'elements nested more than 200 deep',
    });
  });

  it('keeps nobody else from working, and small documents overtake it', async () => {
    const parser = new Parser();
    const ended: string[] = [];
    const note = (name: string) => () => void ended.push(name);
    const all = [
      parser.parse(huge).then(note('first')),
      parser.parse(huge).then(note('huge')),
      parser.parse(large).then(note('large')),
      parser.parse(small).then(note('small')),
    ];
    await nextTurn();
    expect(ended).toEqual(['small']);
    await Promise.all(all);
    expect(ended).toEqual(['small', 'first', 'large', 'huge']);
  });
});

describe('a document that takes too much', () => {
  it('time is given up, and the next one is read', async () => {
    // Some ten times as much as can be read in the time, and a few hundred times as little.
    const parser = new Parser({ timeMaxMs: 3_000 });
    const [slow, next] = await Promise.all([parser.parse(feedOf(300_000_000, '&')), parser.parse(large)]);
    expect(slow).toEqual({ kind: 'failed', cause: 'parse_error', detail: 'it cannot be read within 3 s' });
    expect(next).toEqual(parseBody(large));
  });

  it('memory is given up, and the next one is read', async () => {
    const parser = new Parser({ memoryMaxMb: 64 });
    expect(await parser.parse(huge)).toEqual({
      kind: 'failed',
      cause: 'parse_error',
      detail: 'it cannot be read in 64 MiB of memory',
    });
    expect(await parser.parse(large)).toEqual(parseBody(large));
  });
});
