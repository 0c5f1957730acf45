/** Goal: the pure rules of following hold for every input: pauses, cursors, addresses. */
import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { addressesOf } from '../../../client/follow/addresses.js';
import { Cursor } from '../../../client/follow/cursor.js';
import { parseFollowedEvent, type FollowedEvent } from '../../../client/follow/followed-event.js';
import { reconnectDelayMs } from '../../../client/follow/index.js';
import { progressBody } from '../../support/stream-gateway.js';

function event(offset: number): FollowedEvent {
  return { ...progressBody(offset), offset, time: '', origin: 'server' };
}

describe('the pause before a reconnect', () => {
  it('is between one second and thirty, whatever it is asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.integer({ min: 0, max: 10 ** 9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, retryMs, random) => {
          const delayMs = reconnectDelayMs(failures, retryMs, random);
          return delayMs >= 1_000 && delayMs <= 30_000;
        },
      ),
    );
  });

  it('doubles its window with each failure', () => {
    expect([1, 2, 3, 4, 5, 6].map((failures) => reconnectDelayMs(failures, 2_000, 1))).toEqual([
      2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    expect([1, 2, 3].map((failures) => reconnectDelayMs(failures, 2_000, 0))).toEqual([1_000, 1_000, 1_000]);
  });
});

describe('a cursor', () => {
  it('gives each event of a stream that repeats itself once, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(20))), (pieces) => {
        const cursor = new Cursor(0);
        const given: number[] = [];
        for (const [back, count] of pieces) {
          const from = Math.max(1, cursor.offset + 1 - back);
          for (let offset = from; offset < from + count; offset += 1) {
            if (cursor.take(event(offset)) === 'give') given.push(offset);
          }
        }
        return given.every((offset, index) => offset === index + 1);
      }),
    );
  });

  it('refuses a hole once, and takes it when it is there again', () => {
    const cursor = new Cursor(4);
    expect(() => cursor.take(event(7))).toThrow('events 5 to 6 did not arrive');
    expect(cursor.offset).toBe(4);
    expect(cursor.take(event(7))).toBe('give');
    expect(cursor.offset).toBe(7);
  });

  it('follows a reset in both directions', () => {
    const cursor = new Cursor(9);
    const reset = (offset: number): FollowedEvent => ({
      type: 'reset',
      job: {} as never,
      missed: null,
      offset,
      time: '',
      origin: 'server',
    });
    expect(cursor.take(reset(3))).toBe('give');
    expect(cursor.take(event(4))).toBe('give');
    expect(cursor.take(reset(20))).toBe('give');
    expect(cursor.take(event(20))).toBe('skip');
    expect(cursor.take(event(21))).toBe('give');
  });
});

describe('addresses', () => {
  it.each([
    ['http://h:1/api/jobs/x', 'http://h:1/api/jobs/x/stream'],
    ['http://h:1/api/jobs/x/', 'http://h:1/api/jobs/x/stream'],
    ['http://h:1/api/jobs/x/stream', 'http://h:1/api/jobs/x/stream'],
    ['http://h:1/api/jobs/job%2Fx/stream?token=a', 'http://h:1/api/jobs/job%2Fx/stream?token=a'],
  ])('of %s', (given, stream) => {
    expect(addressesOf(given)).toEqual({ stream, job: stream.replace('/stream', '') });
  });
});

describe('a message', () => {
  it('that is no event of a job is passed over', () => {
    fc.assert(
      fc.property(fc.string(), (data) => {
        const parsed = parseFollowedEvent('1', data);
        return parsed === null || typeof parsed.type === 'string';
      }),
    );
    expect(parseFollowedEvent('1', '{"type":"of tomorrow"}')).toBeNull();
    expect(parseFollowedEvent('1', '[]')).toBeNull();
  });
});
