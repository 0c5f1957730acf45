import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { classify, classifyHttp, explainMedia, headline } from '../../../core/classify/index.js';
import { HTTP_CAUSES, MEDIA_CAUSES } from '../../../core/causes.js';
import { readEntries } from './labelled-entries.js';

const MEDIA_ENTRIES = readEntries('shared/media-errors.jsonl');
const HTTP_MESSAGES = readEntries('shared/http-errors.jsonl').map(({ error }) => JSON.stringify(error));

const NOISE = [
  'frame=  123 fps= 25 q=28.0 size=    1024kB time=00:00:05.00 bitrate=1677.7kbits/s speed=1.01x',
  '    Last message repeated 3 times',
  '[swscaler @ 0x55d0c8a0] deprecated pixel format used, make sure you did set range correctly',
  '[h264 @ 0x55d0c8a0] non-existing PPS 0 referenced',
  'Press [q] to stop, [?] for help',
  'Redistribute latency...',
];

/** Strings that hold pieces of real messages, which random characters never would. */
const realisticText = fc
  .array(
    fc.oneof(fc.constantFrom(...MEDIA_ENTRIES.map(({ text }) => text ?? ''), ...HTTP_MESSAGES), fc.string()),
    {
      maxLength: 12,
    },
  )
  .map((pieces) => pieces.join('\n'));

describe('The classifier', () => {
  it('gives every text a cause of the catalogue and a short detail', () => {
    fc.assert(
      fc.property(realisticText, (text) => {
        const { cause, detail, rule } = classify({ text });
        expect(Object.keys(MEDIA_CAUSES)).toContain(cause);
        expect(detail.length).toBeLessThanOrEqual(300);
        expect(rule).not.toBe('');
        expect(headline(text).length).toBeLessThanOrEqual(300);
      }),
      { numRuns: 200 },
    );
  });

  it('gives every value thrown a cause of the catalogue', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.jsonValue(), realisticText), (error) => {
        expect(Object.keys(HTTP_CAUSES)).toContain(classifyHttp(error).cause);
      }),
      { numRuns: 500 },
    );
  });

  it('follows errors that wrap each other in a circle', () => {
    const outer: { message: string; cause?: unknown } = { message: 'fetch failed' };
    outer.cause = { code: 'ECONNREFUSED', cause: outer };
    expect(classifyHttp(outer).cause).toBe('network_disconnect');
  });

  it('survives getters that throw', () => {
    const hostile = Object.defineProperty({}, 'message', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    expect(classifyHttp(hostile).cause).toBe('other');
  });

  it('keeps its verdict when benign lines stand before, between or after the others', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MEDIA_ENTRIES),
        fc.array(fc.record({ line: fc.constantFrom(...NOISE), at: fc.nat() }), { maxLength: 8 }),
        ({ text = '', tool }, noise) => {
          const lines = text.split('\n');
          for (const { line, at } of noise) lines.splice(at % (lines.length + 1), 0, line);
          const expected = explainMedia({ text, tool });
          const got = explainMedia({ text: lines.join('\n'), tool });
          expect([got.cause, got.disposition]).toEqual([expected.cause, expected.disposition]);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('Time to classify', () => {
  const MEGABYTE = 1_048_576;
  /** Generous for a loaded machine; a pattern that backtracks without bound needs hours. */
  const LIMIT_MS = 5_000;

  it.each([
    ['one line of one letter', 'a'],
    ['spaces', ' '],
    ['numbers', '1'],
    ['opening brackets', '('],
    ['empty lines', '\n'],
    ['short lines', 'error: x\n'],
    ['words that begin many patterns', 'no no error failed to connect to timeout rtmp send device camera '],
    ['lines that nearly match', 'could not find the device device device connection to stream is not \n'],
    ['colons and dots', 'a.b:c/d '],
    ['letters of another script', '连接 ошибка '],
  ])('stays in bounds for a megabyte of %s', (_title, piece) => {
    const text = piece.repeat(Math.ceil(MEGABYTE / piece.length));
    const startedAt = performance.now();
    classify({ text });
    classifyHttp({ message: text, cause: { message: text } });
    expect(performance.now() - startedAt).toBeLessThan(LIMIT_MS);
  });
});
