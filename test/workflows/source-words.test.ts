// Goal: the words about a source that waits are true whatever it waits for. Method: plain values.
import { describe, expect, it } from '@jest/globals';
import { NEW_SOURCE, type Deferral } from '../../core/source-cycle/index.js';
import { waitWords } from '../../workflows/source/words.js';

const NEXT_MS = Date.parse('2026-01-02T03:04:05Z');
const words = (deferral: Deferral | undefined, deferredUntilMs: number | null) =>
  waitWords({ ...NEW_SOURCE, deferral, deferredUntilMs }, NEXT_MS);

describe('a source that waits', () => {
  it('says that its site asks for it only when its site has, and for so long', () => {
    expect(words('asked', NEXT_MS)).toBe('left alone until 03:04:05Z as the site asks');
    expect(words('asked', NEXT_MS - 57_000)).toBe('left alone until 03:04:05Z, longer than the site asks');
  });

  it('gives no reason for a pause of ours, and none at all for want of a free place', () => {
    expect(words('paused', NEXT_MS)).toBe('left alone until 03:04:05Z');
    expect(words('busy', NEXT_MS)).toBe('next fetch 03:04:05Z');
    expect(words(undefined, null)).toBe('next fetch 03:04:05Z');
  });

  it('says no more than it knows after a version that did not keep the reason', () => {
    expect(words(undefined, NEXT_MS)).toBe('left alone until 03:04:05Z');
  });
});
