/** Goal: whatever ends a stream is told in the words of the contract, however deep it is hidden. */
import { describe, expect, it } from '@jest/globals';
import { describeStreamError } from '../../../client/follow/index.js';
import { StreamError } from '../../../client/follow/stream-errors.js';

function withCode(message: string, code: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { code });
}

describe('an error of a stream', () => {
  it.each([
    [
      'a socket error below "fetch failed"',
      new TypeError('fetch failed', { cause: withCode('x', 'UND_ERR_SOCKET') }),
    ],
    ['"terminated"', new TypeError('terminated')],
    [
      '"other side closed" somewhere below',
      new Error('a', { cause: new Error('b', { cause: new Error('other side closed') }) }),
    ],
    ['a reset', withCode('read ECONNRESET', 'ECONNRESET')],
    ['a broken pipe', withCode('write EPIPE', 'EPIPE')],
    ['a reset among several', new AggregateError([new Error('x'), withCode('read', 'ECONNRESET')])],
    ["Chrome's words", new TypeError('network error')],
    ["Firefox's words", new TypeError('Error in input stream')],
    ["Safari's words", new TypeError('Load failed')],
    ['a body that simply ended', new StreamError('STREAM_CLOSED', 'the body ended')],
  ])('is STREAM_CLOSED for %s', (_name, error) => {
    const problem = describeStreamError(error);
    expect(problem.error_code).toBe('STREAM_CLOSED');
    expect(problem.message).toMatch(/^Connection closed by server/);
  });

  it('is a timeout with words of its own although its outside says "terminated"', () => {
    const error = new TypeError('terminated', {
      cause: withCode('Body Timeout Error', 'UND_ERR_BODY_TIMEOUT'),
    });
    const problem = describeStreamError(error);
    expect(problem.error_code).toBe('UND_ERR_BODY_TIMEOUT');
    expect(problem.message).toMatch(/^Stream timeout - /);
    expect(problem.details).toEqual({
      code: 'UND_ERR_BODY_TIMEOUT',
      causes: ['terminated', 'UND_ERR_BODY_TIMEOUT: Body Timeout Error'],
    });
  });

  it('keeps its code and details otherwise', () => {
    const refused = withCode('connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED');
    expect(describeStreamError(new TypeError('fetch failed', { cause: refused }))).toEqual({
      error_code: 'ECONNREFUSED',
      message: 'connect ECONNREFUSED 127.0.0.1:1',
      details: {
        code: 'ECONNREFUSED',
        causes: ['fetch failed', 'ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:1'],
      },
    });
  });

  it('ends with errors that lead back to themselves and with things that are no errors', () => {
    const loop = new Error('loop');
    loop.cause = loop;
    expect(describeStreamError(loop)).toMatchObject({ error_code: 'Error', message: 'loop' });
    expect(describeStreamError('text')).toMatchObject({ error_code: 'UNKNOWN', message: 'text' });
    expect(describeStreamError(undefined)).toMatchObject({ error_code: 'UNKNOWN' });
  });
});
