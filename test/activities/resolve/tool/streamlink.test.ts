/** The real streamlink against a local site. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Environment } from '../../../../activities/secrets/index.js';
import { closedPort, type LocalServer } from '../local-server.js';
import { resolver } from '../resolve-once.js';
import { startHlsSite } from './hls-site.js';
import { environmentWithTools } from './test-tools.js';

let env: Environment;
let site: LocalServer;
beforeAll(async () => {
  env = environmentWithTools();
  site = await startHlsSite();
}, 300_000);
afterAll(() => site.close());

const ask = (url: string, extra = {}) => resolver({ env })({ kind: 'streamlink', url, ...extra });

describe('streamlink', () => {
  it('finds the address of a live HLS stream, with the headers it wants', async () => {
    expect(await ask(`hls://${site.url}/live.m3u8?t=1`)).toEqual({
      kind: 'live',
      media: {
        url: `${site.url}/live.m3u8?t=1`,
        format: 'hls',
        headers: { 'User-Agent': expect.stringContaining('Mozilla'), Accept: '*/*' },
      },
    });
  });

  it.each([
    ['best', 'high'],
    ['worst', 'low'],
    ['1080p,180p', 'low'],
  ])('chooses by quality: %s', async (quality, expected) => {
    expect(await ask(`${site.url}/master.m3u8`, { quality })).toMatchObject({
      media: { url: `${site.url}/live.m3u8?quality=${expected}` },
    });
  });

  it('hands on headers from its arguments, but no credentials', async () => {
    const args = ['--http-header', 'X-Site=1', '--http-header', 'Authorization=Bearer verysecret'];
    const result = await ask(`hls://${site.url}/live.m3u8`, { args });
    expect(result).toMatchObject({ media: { headers: { 'X-Site': '1' } } });
    expect(JSON.stringify(result)).not.toContain('verysecret');
    expect(site.requests.at(-1)?.headers.authorization).toBe('Bearer verysecret');
  });

  it('says which qualities there are when the wanted one is not offered', async () => {
    expect(await ask(`${site.url}/master.m3u8`, { quality: '1080p' })).toMatchObject({
      kind: 'not_live',
      detail: expect.stringMatching(/1080p.*could not be found.*360p/),
    });
  });

  it.each([
    ['hls://SITE/404.m3u8', { kind: 'not_live' }],
    ['hls://SITE/401.m3u8', { kind: 'failed', cause: 'unauthorized' }],
    ['hls://SITE/403.m3u8', { kind: 'failed', cause: 'http_error', retryAfterMs: expect.any(Number) }],
    ['hls://SITE/429.m3u8', { kind: 'failed', cause: 'http_error', retryAfterMs: expect.any(Number) }],
    ['hls://SITE/500.m3u8', { kind: 'failed', cause: 'http_error' }],
    ['SITE/page', { kind: 'failed', cause: 'invalid_pipeline' }],
  ])('tells refusals apart: %s', async (url, expected) => {
    expect(await ask(url.replace('SITE', site.url))).toMatchObject(expected);
  });

  it('calls a site that is down a failed request', async () => {
    expect(await ask(`hls://http://127.0.0.1:${await closedPort()}/x.m3u8?key=k`)).toMatchObject({
      cause: 'http_error',
      detail: expect.not.stringContaining('key='),
    });
  });

  it('names an option that does not exist', async () => {
    expect(await ask(`${site.url}/live.m3u8`, { args: ['--nonsense'] })).toMatchObject({
      cause: 'invalid_pipeline',
      detail: 'streamlink: error: unrecognized arguments: --nonsense',
    });
  });

  it('says how to install it when it is not there', async () => {
    const result = await resolver({ env: { PATH: '/nonexistent' } })({ kind: 'streamlink', url: site.url });
    expect(result).toMatchObject({
      cause: 'invalid_pipeline',
      detail: expect.stringMatching(/streamlink was not found.*install/),
    });
  });
});
