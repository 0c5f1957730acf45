import { describe, expect, it } from '@jest/globals';
import { readShow, type YtDlpShow } from '../../../../activities/resolve/tool/yt-dlp-show.js';

const hls = { url: 'https://cdn.example/v.m3u8', protocol: 'm3u8_native', is_live: true } as const;

describe('what yt-dlp found', () => {
  it.each(['is_upcoming', 'was_live', 'post_live', 'not_live'])('is not live: %s', (live_status) => {
    expect(readShow({ ...hls, is_live: false, live_status }).result.kind).toBe('not_live');
  });

  it('is not live when a list is empty or nothing was found', () => {
    expect(readShow({ entries: [] }).result.kind).toBe('not_live');
    expect(readShow({ entries: [null] }).result.kind).toBe('not_live');
    expect(readShow(null).result.kind).toBe('not_live');
  });

  it('is the first show of a list', () => {
    expect(readShow({ entries: [null, { ...hls, title: 'On air' }] }).result).toMatchObject({
      kind: 'live',
      title: 'On air',
    });
  });

  const split = (first: string, second: string): YtDlpShow => ({
    ...hls,
    requested_formats: [
      { ...hls, manifest_url: first },
      { ...hls, url: 'https://cdn.example/a.m3u8', manifest_url: second },
    ],
  });

  it('is the master playlist that picture and sound share', () => {
    const master = 'https://cdn.example/master.m3u8';
    expect(readShow(split(master, master)).result).toMatchObject({ media: { url: master, format: 'hls' } });
  });

  it('cannot be recorded from two addresses', () => {
    expect(readShow(split('https://a/1.m3u8', 'https://a/2.m3u8')).result).toMatchObject({
      kind: 'failed',
      cause: 'invalid_pipeline',
    });
  });
});
