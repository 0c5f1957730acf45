import { describe, expect, it } from '@jest/globals';
import { classifyHttp } from '../../../core/classify/index.js';

function causeOf(error: unknown): string {
  return classifyHttp(error).cause;
}

describe('What stands around the message of an HTTP error', () => {
  it('says nothing where it is a stack trace', () => {
    const message = 'TypeError: Failed to fetch\n    at onTimeout (eventsource.js:992:37)';
    expect(causeOf({ message: `net::ERR_INTERNET_DISCONNECTED\n${message}` })).toBe('network_disconnect');
  });

  it('says nothing where it is a print of the settings', () => {
    const message =
      'connect ECONNREFUSED 127.0.0.1:80 {\n  config: {\n    timeout: 0,\n    maxContentLength: -1\n  }\n}';
    expect(causeOf({ message })).toBe('network_disconnect');
  });

  it('says nothing where a log marks it as a remark', () => {
    const message =
      '[cli][error] Unable to open URL (400 Client Error: Bad Request)\n[cli][info] Stream ended';
    expect(causeOf({ message })).toBe('other');
  });

  it('may break a sentence anywhere', () => {
    expect(causeOf({ message: 'Failed to perform, curl: (47) Maximum (30)\nredirects followed' })).toBe(
      'invalid_url',
    );
  });
});

describe('Numbers that mean something else than they seem to', () => {
  it.each([
    ['the number of a system error of macOS', { code: 'ECONNREFUSED', errno: -61 }, 'network_disconnect'],
    [
      'the 500 that Perl makes up',
      "500 Can't connect to example.org:443 (Connection refused)",
      'network_disconnect',
    ],
    [
      'the 400 that aiohttp makes up',
      "TransferEncodingError: 400, message='Not enough data to satisfy transfer length header.'",
      'network_disconnect',
    ],
    ['the exit status of wget', 'wget exited with exit code 5', 'tls'],
    ['an error of Apple', 'NSURLErrorDomain error -1001', 'timeout'],
    ['an HRESULT of Windows', 'Exception from HRESULT: 0x80072EE7', 'dns_not_found'],
    ['a limit of axios that is none', 'maxContentLength size of -1 exceeded', 'network_disconnect'],
  ])('%s', (_title, error, cause) => {
    expect(causeOf(error)).toBe(cause);
  });
});

describe('What is exceeded', () => {
  it.each([
    ['Client.Timeout exceeded while reading body', 'timeout'],
    ['You have exceeded a secondary rate limit', 'rate_limited'],
    ['Exceeded 30 redirects.', 'invalid_url'],
    ['response exceeds the maximum allowed size', 'too_large'],
  ])('decides: %s', (message, cause) => {
    expect(causeOf({ message })).toBe(cause);
  });
});
