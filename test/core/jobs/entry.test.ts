import { describe, expect, it } from '@jest/globals';
import { parseInstanceInput } from '../../../core/config/instance.js';

const clip = { recording: 'stream/alice', from: '2026-03-04T05:06:07Z', to: '2026-03-04T05:07:07Z' };

function problemsOf(entry: object): string {
  const parsed = parseInstanceInput('job', { id: 'x', ...entry });
  return 'error' in parsed ? parsed.error : 'none';
}

describe('the entry of a job', () => {
  it('gets its defaults', () => {
    const digest = { topic: ' kelp ', period: '24h' };
    expect(parseInstanceInput('job', { id: 'x', kind: 'digest', params: digest })).toEqual({
      ok: {
        id: 'x',
        kind: 'digest',
        params: {
          topic: 'kelp',
          period: 86_400_000,
          max_items: 50,
          summarizer: 'extractive',
          on_llm_failure: 'fail',
        },
      },
    });
    expect(
      parseInstanceInput('job', { id: 'x', kind: 'finalize', params: { recording: 'capture/a' } }),
    ).toEqual({
      ok: {
        id: 'x',
        kind: 'finalize',
        params: { recording: 'capture/a', keep_parts: true, contact_sheet: true, waveform: true },
      },
    });
  });

  it.each([
    [
      'a kind that there is not',
      { kind: 'film', params: {} },
      /^kind: "film" is not allowed; expected one of digest, finalize, clip$/,
    ],
    ['no parameters', { kind: 'clip' }, /^params: is missing; expected a mapping/],
    [
      'a parameter of another kind',
      { kind: 'clip', params: { ...clip, topic: 'kelp' } },
      /^params\.topic: unknown key; .*recording/,
    ],
    [
      'an instant without a zone',
      { kind: 'clip', params: { ...clip, from: '2026-03-04T05:06:07' } },
      /^params\.from: .* expected an instant with its zone/,
    ],
    [
      'an instant that there is not',
      { kind: 'clip', params: { ...clip, from: '2026-13-04T05:06:07Z' } },
      /^params\.from: .* expected an instant/,
    ],
    [
      'an end before the start',
      { kind: 'clip', params: { ...clip, to: clip.from } },
      /^params\.to: .* expected an instant later than from$/,
    ],
    [
      'a recording that is none',
      { kind: 'clip', params: { ...clip, recording: 'source/news' } },
      /^params\.recording: .* expected stream\/NAME or capture\/NAME$/,
    ],
    [
      'a recording outside',
      { kind: 'clip', params: { ...clip, recording: 'stream/../x' } },
      /^params\.recording: .* expected stream\/NAME/,
    ],
    [
      'a period that is none',
      { kind: 'digest', params: { topic: 'x', period: 'soon' } },
      /^params\.period: "soon" is not allowed; expected a duration like 24h .* or \{ from, to \}/,
    ],
    ['an empty topic', { kind: 'digest', params: { topic: ' ', period: '1h' } }, /^params\.topic: /],
    [
      'a key with a slash',
      { kind: 'clip', key: 'a/b', params: clip },
      /^key: "a\/b" is not allowed; expected 1 to 100 letters/,
    ],
  ])('with %s is refused, naming key, value and what is allowed', (_title, entry, words) => {
    expect(problemsOf(entry)).toMatch(words);
  });
});
