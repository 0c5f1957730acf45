/** The real yt-dlp against a local site. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

const ask = (url: string, extra = {}) => resolver({ env })({ kind: 'yt-dlp', url, ...extra });

describe('yt-dlp', () => {
  it('finds the address of a live HLS stream, with the headers it wants', async () => {
    expect(await ask(`${site.url}/live.m3u8?t=1`)).toEqual({
      kind: 'live',
      media: {
        url: `${site.url}/live.m3u8?t=1`,
        format: 'hls',
        headers: expect.objectContaining({ 'User-Agent': expect.stringContaining('Mozilla') }),
      },
      title: expect.stringContaining('live'),
    });
  });

  it.each([
    ['best', 'high'],
    ['worst', 'low'],
    ['best[height<=200]', 'low'],
  ])('chooses by format: %s', async (format, expected) => {
    expect(await ask(`${site.url}/master.m3u8`, { format })).toMatchObject({
      media: { url: `${site.url}/live.m3u8?quality=${expected}` },
    });
  });

  it('does not take a recorded video for a live show', async () => {
    expect(await ask(`${site.url}/recorded.m3u8`)).toMatchObject({ kind: 'not_live' });
  });

  it.each([
    ['/404', { kind: 'not_live' }],
    ['/401', { kind: 'failed', cause: 'unauthorized' }],
    ['/403', { kind: 'failed', cause: 'http_error', retryAfterMs: expect.any(Number) }],
    ['/429', { kind: 'failed', cause: 'http_error', retryAfterMs: expect.any(Number) }],
    ['/500', { kind: 'failed', cause: 'http_error' }],
    ['/page', { kind: 'failed', cause: 'invalid_pipeline' }],
  ])('tells refusals apart: %s', async (path, expected) => {
    const args = ['--retries=0', '--extractor-retries=0'];
    expect(await ask(`${site.url}${path}`, { args })).toMatchObject(expected);
  });

  it('calls a site that is down a failed request', async () => {
    const args = ['--retries=0', '--extractor-retries=0'];
    expect(await ask(`http://127.0.0.1:${await closedPort()}/x?key=k`, { args })).toMatchObject({
      cause: 'http_error',
    });
  });

  it('names an option that does not exist', async () => {
    expect(await ask(`${site.url}/live.m3u8`, { args: ['--nonsense'] })).toMatchObject({
      cause: 'invalid_pipeline',
      detail: expect.stringContaining('no such option: --nonsense'),
    });
  });

  it('says how to install it when it is not there', async () => {
    const result = await resolver({ env: { PATH: '/nonexistent' } })({ kind: 'yt-dlp', url: site.url });
    expect(result).toMatchObject({
      cause: 'invalid_pipeline',
      detail: expect.stringMatching(/yt-dlp was not found.*install/),
    });
  });

  it('survives a program of its name that prints something else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-yt-dlp-'));
    const program = join(folder, 'yt-dlp');
    await writeFile(program, '#!/bin/sh\necho "not json"\n');
    await chmod(program, 0o755);
    const odd = resolver({ env: { PATH: `${folder}:/bin:/usr/bin` } });
    expect(await odd({ kind: 'yt-dlp', url: site.url })).toMatchObject({ cause: 'invalid_pipeline' });
    await rm(folder, { recursive: true });
  });
});
