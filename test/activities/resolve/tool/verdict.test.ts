/** Messages as the tools print them for well-known sites. */
import { describe, expect, it } from '@jest/globals';
import { verdictOf } from '../../../../activities/resolve/tool/verdict.js';

const NOT_LIVE = [
  'No playable streams found on this URL: https://www.twitch.tv/someone',
  'ERROR: [tiktok:live] someone: The channel is not currently live',
  'ERROR: [youtube:tab] @x: The channel is not currently live',
  'ERROR: [youtube] abcdefghijk: This live event will begin in 3 hours.',
  'ERROR: [youtube] abcdefghijk: Premieres in 20 minutes',
  'ERROR: [youtube] abcdefghijk: This live event has ended.',
  'ERROR: [tiktok:live] 7: This livestream has ended',
  'ERROR: [Picarto] x: Stream is offline',
  'ERROR: [whowatch] x: The user is offline.',
  'ERROR: [abematv] x: This program has not started yet',
  "The specified stream(s) '1080p60' could not be found; it offers 720p, 480p, worst, best",
  'ERROR: [x] y: Requested format is not available. Use --list-formats for a list of available formats',
];
const BLOCKED = [
  'ERROR: [youtube] abcdefghijk: Sign in to confirm you’re not a bot. Use --cookies-from-browser or --cookies',
  "ERROR: [youtube] abcdefghijk: Sign in to confirm you're not a bot.",
  'ERROR: [tiktok] x: Unable to download webpage: HTTP Error 403: Forbidden (caused by <HTTPError 403: Forbidden>)',
  'ERROR: [x] y: Unable to download JSON metadata: HTTP Error 429: Too Many Requests',
  'Unable to open URL: https://api.example/ (403 Client Error: Forbidden for url: https://api.example/)',
  'ERROR: [BiliLive] 1: Unable to download JSON metadata: HTTP Error 412: Precondition Failed',
  'ERROR: [tiktok] x: Your IP address is blocked from accessing this post',
];
const UNAUTHORIZED = [
  'ERROR: [youtube] abcdefghijk: Private video. Sign in if you have been granted access to this video',
  'ERROR: [youtube] abcdefghijk: Sign in to confirm your age. This video may be inappropriate for some users.',
  'ERROR: [youtube] abcdefghijk: Join this channel to get access to members-only content like this video',
  'ERROR: [x] y: This video is only available for registered users. Use --cookies, --username and --password',
  'ERROR: [x] y: This video is not available from your location due to geo restriction',
  'Unable to open URL: https://x/ (401 Client Error: Unauthorized for url: https://x/)',
  'ERROR: [x] y: This video is DRM protected',
];
const REQUEST = [
  'ERROR: [x] y: Unable to download webpage: HTTP Error 503: Service Unavailable',
  "ERROR: [generic] x: Unable to download webpage: [Errno -3] Temporary failure in name resolution (caused by TransportError('...'))",
  "Unable to open URL: https://x/ (HTTPSConnectionPool(host='x', port=443): Read timed out. (read timeout=20.0))",
  'ERROR: [x] y: Unable to download webpage: The read operation timed out',
];
const USAGE = [
  'No plugin can handle URL: https://live-offline-captcha.example/404',
  'ERROR: Unsupported URL: https://example.org/login',
  'streamlink: error: unrecognized arguments: --nonsense',
];

describe('verdict over a message of streamlink or yt-dlp', () => {
  it.each(NOT_LIVE)('not live: %s', (message) => {
    expect(verdictOf(message)?.result.kind).toBe('not_live');
  });
  it.each(BLOCKED)('blocked: %s', (message) => {
    expect(verdictOf(message)).toMatchObject({ blocked: {}, result: { cause: 'http_error' } });
  });
  it.each(UNAUTHORIZED)('unauthorized: %s', (message) => {
    expect(verdictOf(message)?.result).toMatchObject({ cause: 'unauthorized' });
  });
  it.each(REQUEST)('failed request: %s', (message) => {
    const verdict = verdictOf(message);
    expect(verdict?.result).toMatchObject({ cause: 'http_error' });
    expect(verdict?.blocked).toBeUndefined();
  });
  it.each(USAGE)('wrong use: %s', (message) => {
    expect(verdictOf(message)?.result).toMatchObject({ cause: 'invalid_pipeline' });
  });
  it('does not guess at what it does not know', () => {
    expect(verdictOf('ERROR: [x] y: something else entirely')).toBeNull();
  });
});
