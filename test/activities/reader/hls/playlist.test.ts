import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { chooseVariant, parsePlaylist } from '../../../../activities/reader/hls/playlist.js';
import type { MediaPlaylist } from '../../../../activities/reader/hls/media-playlist.js';

const URL_OF_PLAYLIST = 'http://media.example/show/index.m3u8?token=1';

function media(...lines: string[]): MediaPlaylist {
  const playlist = parsePlaylist(['#EXTM3U', ...lines].join('\n'), URL_OF_PLAYLIST);
  if (playlist.kind !== 'media') throw new Error('expected a media playlist');
  return playlist;
}

describe('parsePlaylist', () => {
  it('reads numbers, durations, addresses and the end of a media playlist', () => {
    const playlist = media(
      '#EXT-X-TARGETDURATION:6',
      '#EXT-X-MEDIA-SEQUENCE:41',
      '#EXTINF:5.005,title',
      'a.ts',
      '#EXT-X-DISCONTINUITY',
      '#EXTINF:4,',
      '/other/b.ts?x=1',
      '#EXT-X-GAP',
      '#EXTINF:4,',
      'http://cdn.example/c.ts',
      '#EXT-X-ENDLIST',
    );
    expect(playlist).toMatchObject({ targetDurationMs: 6_000, mediaSequence: 41, endList: true });
    expect(playlist.segments).toMatchObject([
      { sequence: 41, url: 'http://media.example/show/a.ts', durationMs: 5_005, discontinuity: false },
      { sequence: 42, url: 'http://media.example/other/b.ts?x=1', discontinuity: true, gap: false },
      { sequence: 43, url: 'http://cdn.example/c.ts', discontinuity: false, gap: true },
    ]);
  });

  it('carries dates, keys and initialisation sections forward to the segments that follow', () => {
    const playlist = media(
      '#EXT-X-MAP:URI="init.mp4",BYTERANGE="100@20"',
      '#EXT-X-KEY:METHOD=AES-128,URI="key?a=1,2",IV=0x00000000000000000000000000000007',
      '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z',
      '#EXTINF:2,',
      'a.m4s',
      '#EXTINF:2,',
      'b.m4s',
      '#EXT-X-KEY:METHOD=NONE',
      '#EXTINF:2,',
      'c.m4s',
    );
    const [first, second, third] = playlist.segments;
    expect(first?.init).toEqual({
      url: 'http://media.example/show/init.mp4',
      byteRange: { offset: 20, length: 100 },
    });
    expect(second?.key).toEqual({
      method: 'AES-128',
      url: 'http://media.example/show/key?a=1,2',
      iv: '00000000000000000000000000000007',
    });
    expect(third?.key).toBeNull();
    expect(new Date(third?.programDateTimeMs ?? 0).toISOString()).toBe('2026-01-01T00:00:04.000Z');
  });

  it('lets a byte range without an offset follow the one before', () => {
    const lines = ['#EXTINF:1,', '#EXT-X-BYTERANGE:500@100', 'all.ts', '#EXTINF:1,', '#EXT-X-BYTERANGE:50'];
    const playlist = media(...lines, 'all.ts');
    expect(playlist.segments.map((segment) => segment.byteRange)).toEqual([
      { offset: 100, length: 500 },
      { offset: 600, length: 50 },
    ]);
  });

  it('chooses the highest bandwidth among the variants with a picture', () => {
    const master = parsePlaylist(
      [
        '#EXTM3U',
        '#EXT-X-STREAM-INF:BANDWIDTH=9000000,CODECS="mp4a.40.2"',
        'sound.m3u8',
        '#EXT-X-STREAM-INF:BANDWIDTH=800000,RESOLUTION=640x360,CODECS="avc1.4d401e,mp4a.40.2"',
        'low.m3u8',
        '#EXT-X-STREAM-INF:BANDWIDTH=2800000,RESOLUTION=1280x720,CODECS="avc1.4d401f,mp4a.40.2"',
        'high.m3u8',
      ].join('\r\n'),
      URL_OF_PLAYLIST,
    );
    if (master.kind !== 'master') throw new Error('expected a master playlist');
    expect(chooseVariant(master)).toMatchObject({
      url: 'http://media.example/show/high.m3u8',
      hasSeparateAudio: false,
    });
  });

  it('sees that the sound of a variant is a playlist of its own', () => {
    const lines = [
      '#EXTM3U',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="en",URI="audio.m3u8"',
      '#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"',
      'v.m3u8',
    ];
    const master = parsePlaylist(lines.join('\n'), URL_OF_PLAYLIST);
    expect(master).toMatchObject({ variants: [{ hasSeparateAudio: true }] });
  });

  it('refuses a page that is no playlist', () => {
    expect(() => parsePlaylist('<html></html>', URL_OF_PLAYLIST)).toThrow('not an HLS playlist');
  });

  it('reads any text behind the first line without falling over', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom('#EXTINF:', '#EXT-X-BYTERANGE:x@y', '#EXT-X-KEY:METHOD', '#EXT-X-MEDIA-SEQUENCE:-1'),
      fc.constantFrom('#EXTINF:NaN,', '#EXT-X-MAP:', 'http://[', '#EXT-X-PROGRAM-DATE-TIME:never', 'a.ts'),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const playlist = parsePlaylist(['#EXTM3U', ...lines].join('\n'), URL_OF_PLAYLIST);
        if (playlist.kind !== 'media') return;
        playlist.segments.forEach((segment, index) => {
          expect(segment.sequence).toBe(playlist.mediaSequence + index);
          expect(URL.canParse(segment.url)).toBe(true);
        });
      }),
    );
  });
});
