import * as fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import {
  formatManifestLine,
  formatSegmentName,
  parseManifestLine,
  parseSegmentName,
  readManifest,
  stampOf,
  type ManifestLine,
} from '../../../core/manifest/index.js';

const instants = fc.integer({ min: 0, max: 4_000_000_000_000 });
const lines: fc.Arbitrary<ManifestLine> = fc
  .tuple(
    instants,
    fc.nat(),
    fc.nat(),
    fc.nat(),
    fc.string({ minLength: 1 }),
    fc.constantFrom<ManifestLine['type']>('segment', 'gap', 'removed'),
  )
  .map(([fromMs, lengthMs, bytes, run, text, type]) => {
    const from = new Date(fromMs).toISOString();
    const to = new Date(fromMs + lengthMs).toISOString();
    switch (type) {
      case 'segment':
        return { type, file: text, start: from, end: to, bytes, frames: bytes, run };
      case 'gap':
        return { type, from, to, cause: text, evidence: text };
      case 'removed':
        return { type, file: text, at: to, reason: text };
    }
  });

describe('a manifest line', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(lines, (line) => expect(parseManifestLine(formatManifestLine(line))).toEqual(line)),
    );
  });

  it('may have fields of a later version', () => {
    const line =
      '{"type":"gap","from":"2026-01-01T00:00:00Z","to":"2026-01-01T00:00:01Z","cause":"x","evidence":"y","more":1}';
    expect(parseManifestLine(line)).toMatchObject({ cause: 'x' });
  });

  it.each([
    ['nonsense', 'not JSON: "nonsense"'],
    ['[]', 'expected an object, not "[]"'],
    ['{"type":"film"}', 'type: expected segment, gap or removed, not "film"'],
    ['{"type":"gap","from":"yesterday"}', 'from: expected an ISO 8601 instant, not "yesterday"'],
    ['{"type":"segment","file":""}', 'file: expected text, not ""'],
    [
      '{"type":"segment","file":"a","start":"2026-01-01T00:00:01Z","end":"2026-01-01T00:00:00Z","bytes":1,"frames":1,"run":1}',
      'end: expected an instant after start, not "2026-01-01T00:00:00Z"',
    ],
    [
      '{"type":"segment","file":"a","start":"2026-01-01T00:00:00Z","end":"2026-01-01T00:00:01Z","bytes":-1,"frames":1,"run":1}',
      'bytes: expected a whole number, not -1',
    ],
  ])('names key and value of what is wrong with %s', (text, message) => {
    expect(() => parseManifestLine(text)).toThrow(message);
    expect(readManifest(`\n${text}\n`).faults).toEqual([{ lineNumber: 2, problem: message }]);
  });

  it('that cannot be read does not hide the others', () => {
    fc.assert(
      fc.property(fc.array(lines), fc.string(), (good, noise) => {
        const text = good.map(formatManifestLine).join(`${noise.replaceAll('\n', '')}\n`);
        const manifest = readManifest(text);
        expect(
          manifest.segments.length + manifest.gaps.length + manifest.removed.length,
        ).toBeGreaterThanOrEqual(noise.trim() === '' ? good.length : Math.min(good.length, 1));
      }),
    );
  });
});

describe('a segment name', () => {
  it('says when it begins, which run wrote it, and its number', () => {
    expect(
      formatSegmentName({
        stamp: stampOf(Date.UTC(2026, 0, 31, 23, 59, 59, 999)),
        run: 17,
        number: 3,
        extension: 'ts',
      }),
    ).toBe('20260131T235959Z-17-00003.ts');
  });

  it('is read as it was written', () => {
    fc.assert(
      fc.property(
        instants,
        fc.nat(),
        fc.nat(),
        fc.constantFrom('ts', 'mp4', 'mkv'),
        (ms, run, number, extension) => {
          const name = { stamp: stampOf(ms), run, number, extension };
          expect(parseSegmentName(formatSegmentName(name))).toEqual(name);
        },
      ),
    );
  });

  it.each(['manifest.jsonl', '20260131T235959Z-1-1.ts.invalid', '20260131T235959Z-1.ts', '.tail-1-1.ts'])(
    'is not %s',
    (file) => expect(parseSegmentName(file)).toBeNull(),
  );
});
