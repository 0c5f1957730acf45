/** Goal: what a stream keeps is bounded, and its places are right whatever is added. Places are asked as the rules say. */
import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { EventWindow } from '../../../../client/gateway/jobs/event-window.js';
import { withWholeJobId } from '../../../../client/gateway/jobs/job-path.js';
import { Places } from '../../../../client/gateway/jobs/places.js';
import type { JobEvent } from '../../../../core/jobs/events.js';
import { progressBody } from '../../../support/stream-gateway.js';

function events(from: number, count: number): JobEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    offset: from + index,
    time: '',
    body: progressBody(from + index),
  }));
}

describe('the window of a job', () => {
  it('is bounded in events and characters, and has each event at its offset', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: -5, max: 8 }), fc.nat(30))), (pieces) => {
        const window = new EventWindow({ frames: 20, characters: 2_000 });
        for (const [shift, count] of pieces) window.add(events(Math.max(1, window.last + 1 + shift), count));
        let characters = 0;
        for (let offset = window.first; offset <= window.last; offset += 1) {
          const frame = window.frameAt(offset);
          expect(frame?.startsWith(`id: ${offset}\n`)).toBe(true);
          characters += frame?.length ?? 0;
        }
        expect(window.frameAt(window.first - 1)).toBeUndefined();
        expect(window.frameAt(window.last + 1)).toBeUndefined();
        expect(window.last - window.first + 1).toBeLessThanOrEqual(20);
        expect(characters).toBeLessThanOrEqual(2_000);
      }),
    );
  });
});

describe('the place where a job is read', () => {
  it('is the workflow, the store while that fails, and the workflow again after five seconds', () => {
    const places = new Places(0);
    expect(places.next(0)).toBe('workflow');
    places.failed('workflow', 1_000);
    expect([1_500, 3_000, 5_900].map((nowMs) => places.next(nowMs))).toEqual(['store', 'store', 'store']);
    expect(places.next(6_000)).toBe('workflow');
    places.answered('workflow', 6_000);
    expect(places.next(6_001)).toBe('workflow');
  });

  it('is the one that failed longer ago when both have', () => {
    const places = new Places(0);
    places.failed('workflow', 1_000);
    places.failed('store', 1_100);
    expect(places.next(1_500)).toBe('workflow');
    places.failed('workflow', 1_600);
    expect(places.next(2_000)).toBe('store');
  });
});

describe('a job in a path', () => {
  it.each([
    ['/api/jobs/job/x', '/api/jobs/job%2Fx'],
    ['/api/jobs/job/x/stream?last_event_id=1', '/api/jobs/job%2Fx/stream?last_event_id=1'],
    ['/api/jobs/job/stream', '/api/jobs/job/stream'],
    ['/api/jobs/job/artifacts/a.md', '/api/jobs/job/artifacts/a.md'],
    ['/api/jobs/job/streams/stream', '/api/jobs/job%2Fstreams/stream'],
    ['/api/jobs/x/stream', '/api/jobs/x/stream'],
    ['/api/jobs', '/api/jobs'],
  ])('%s', (url, expected) => {
    expect(withWholeJobId(url)).toBe(expected);
  });
});
