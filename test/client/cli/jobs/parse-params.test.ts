import { describe, expect, it } from '@jest/globals';
import { parseParams } from '../../../../client/cli/jobs/parse-params.js';

describe('--set of a job', () => {
  it('reads values as their parameters want them', () => {
    expect(
      parseParams('digest', ['topic=2024', 'sources=news, blog', 'max_items=7', 'period=24h', 'language=en']),
    ).toEqual({ topic: '2024', sources: ['news', 'blog'], max_items: 7, period: '24h', language: 'en' });
    expect(parseParams('digest', ['sources=["news"]'])).toEqual({ sources: ['news'] });
    expect(parseParams('finalize', ['keep_parts=false', 'recording=stream/alice'])).toEqual({
      keep_parts: false,
      recording: 'stream/alice',
    });
  });

  it('reads a mapping key by key, or as JSON', () => {
    const period = { from: '2026-03-04T00:00:00Z', to: '2026-03-05T00:00:00Z' };
    expect(parseParams('digest', [`period.from=${period.from}`, `period.to=${period.to}`])).toEqual({
      period,
    });
    expect(parseParams('digest', [`period=${JSON.stringify(period)}`])).toEqual({ period });
  });

  it('leaves unknown keys to the check that names them, and a value may hold an equals sign', () => {
    expect(parseParams('clip', ['a=b=c'])).toEqual({ a: 'b=c' });
  });

  it.each([['no-equals'], ['=value'], ['__proto__.x=1'], ['a=1', 'a.b=2']])('refuses %s', (...settings) => {
    expect(() => parseParams('clip', settings)).toThrow(/--set/);
  });
});
