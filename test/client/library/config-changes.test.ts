import { describe, expect, it } from '@jest/globals';
import { describeChanges } from '../../../client/library/config-changes.js';

const live = { name: 'live', kind: 'push', url: 'rtmp://example.org/app/secret' };
const tape = { name: 'tape', kind: 'record' };
const capture = { id: 'hdmi', input: { kind: 'v4l2' }, encode: { bitrate: '6M' }, outputs: [live, tape] };

describe('what an apply changes, in words', () => {
  it.each([
    {
      what: 'an output that the file does not have, e.g. one added live',
      after: { ...capture, outputs: [live] },
      words: 'output tape removed (not in the file)',
    },
    {
      what: 'an added and a changed output',
      after: { ...capture, outputs: [{ ...live, url: 'rtmp://example.org/app/other' }, tape, { name: 'b' }] },
      words: 'output b added; output live restarts',
    },
    {
      what: 'another encoding',
      after: { ...capture, encode: { bitrate: '8M' }, recovery: { max_retries: 5 } },
      words: 'ingest restarts (encode); changed: recovery',
    },
    {
      what: 'another order',
      after: { ...capture, outputs: [tape, live] },
      words: 'outputs in another order',
    },
    {
      what: 'another host or hub',
      after: { ...capture, host: 'studio-2' },
      words: 'everything restarts (host)',
    },
    {
      what: 'what needs no new process: probe and recovery',
      after: {
        ...capture,
        input: { kind: 'v4l2', probe: { kind: 'v4l2' } },
        outputs: [{ ...live, recovery: { max_retries: 9 } }, tape],
      },
      words: 'recovery of output live changed; changed: probe',
    },
  ])('names $what', ({ after, words }) => {
    expect(describeChanges('capture', capture, after)).toBe(words);
  });

  it('names the keys of a stream and never a value, which may be secret', () => {
    const before = { id: 'a', resolver: { url: 'http://x/secret' }, watch: false };
    const words = describeChanges('stream', before, {
      id: 'a',
      resolver: { url: 'http://x/hidden' },
      watch: true,
    });
    expect(words).toBe('changed: resolver, watch');
    expect(describeChanges('capture', capture, { ...capture, outputs: [] })).not.toContain('secret');
  });
});
