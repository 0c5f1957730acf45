/**
 * Goal: every kind of HLS that ffmpeg can make is read whole. Method: the compiled program on shows that ffmpeg made, and
 * the frames of the outcome counted by ffprobe.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { countFrames, ffmpegIn, makeMedia, presentationTimes } from '../support/media.js';
import { eventsOf, runReader, startReader, until, type RunningReader } from '../support/reader-program.js';
import { serveFolder, type ServedFolder } from '../support/served-folder.js';

const SECONDS = 6;
const PICTURE_AND_SOUND = `-f lavfi -i testsrc2=size=320x180:rate=25 -f lavfi -i sine -t ${SECONDS} -c:v libx264 -preset ultrafast -g 25 -c:a aac`;
const HLS = '-f hls -hls_time 1 -hls_list_size 0';

const MASTER_WITH_SEPARATE_SOUND = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="en",DEFAULT=YES,URI="sound.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=500000,CODECS="avc1.42c00d,mp4a.40.2",AUDIO="sound"
picture.m3u8
`;

let served: ServedFolder;

beforeEach(async () => {
  served = await serveFolder();
});

afterEach(async () => {
  await served.close();
});

async function write(name: string, content: string | Buffer): Promise<void> {
  await writeFile(join(served.folder, name), content);
}

function playlist(...lines: readonly string[]): string {
  return ['#EXTM3U', '#EXT-X-TARGETDURATION:1', ...lines].join('\n');
}

describe('an HLS show', () => {
  it('is read whole through its master playlist when it is over', async () => {
    await ffmpegIn(served.folder, `${PICTURE_AND_SOUND} ${HLS} -master_pl_name master.m3u8 index.m3u8`);
    const { status, events, end, media } = await runReader({
      url: `${served.url}/master.m3u8`,
      format: 'auto',
    });
    expect(status).toBe(0);
    expect(end.reason).toBe('endlist');
    expect(eventsOf(events, 'hls-segment')).toHaveLength(SECONDS);
    expect(await countFrames(media)).toBe(SECONDS * 25);
  });

  it('of fragmented MP4 has its initialisation section once, in front', async () => {
    await ffmpegIn(served.folder, `${PICTURE_AND_SOUND} ${HLS} -hls_segment_type fmp4 index.m3u8`);
    const { events, media } = await runReader({ url: `${served.url}/index.m3u8`, format: 'hls' });
    const init = await readFile(join(served.folder, 'init.mp4'));
    expect(media.subarray(0, init.length).equals(init)).toBe(true);
    expect(media.indexOf(init.subarray(0, 24), 1)).toBe(-1);
    expect(await countFrames(media)).toBe(SECONDS * 25);
    expect(eventsOf(events, 'hls-segment')[0]).toMatchObject({ firstVideoDts: null, videoFrames: null });
  });

  it('in one file is read by byte ranges', async () => {
    await ffmpegIn(served.folder, `${PICTURE_AND_SOUND} ${HLS} -hls_flags single_file index.m3u8`);
    const { media } = await runReader({ url: `${served.url}/index.m3u8`, format: 'hls' });
    expect(media.equals(await readFile(join(served.folder, 'index.ts')))).toBe(true);
  });

  it.each([
    ['an initialisation vector of its own', '\n00112233445566778899aabbccddeeff'],
    ['the sequence number as initialisation vector', ''],
  ])('under AES-128 with %s is decrypted, and the key fetched once', async (_name, vector) => {
    await write('key', randomBytes(16));
    await write('key-info', `key\n${join(served.folder, 'key')}${vector}`);
    await ffmpegIn(served.folder, `${PICTURE_AND_SOUND} ${HLS} -hls_key_info_file key-info index.m3u8`);
    const { end, media } = await runReader({ url: `${served.url}/index.m3u8`, format: 'hls' });
    expect(end.reason).toBe('endlist');
    expect(await countFrames(media)).toBe(SECONDS * 25);
    expect(served.server.requests.filter(({ url }) => url === '/key')).toHaveLength(1);
  });

  it('under AES-128 with a wrong key is an error and feeds nothing', async () => {
    await write('key', randomBytes(16));
    await write('key-info', `key\n${join(served.folder, 'key')}`);
    await ffmpegIn(served.folder, `${PICTURE_AND_SOUND} ${HLS} -hls_key_info_file key-info index.m3u8`);
    await write('key', randomBytes(15));
    const { end, media } = await runReader({ url: `${served.url}/index.m3u8`, format: 'hls' });
    expect(end).toMatchObject({ reason: 'error', errorCode: 'ERR_NO_KEY' });
    expect(media).toHaveLength(0);
  });

  it('with its sound apart is read by a child ffmpeg, picture and sound', async () => {
    const sound = '-map 1:a -vn -f hls -hls_time 1 -hls_list_size 0 sound.m3u8';
    await ffmpegIn(served.folder, `${PICTURE_AND_SOUND} -map 0:v ${HLS} picture.m3u8 -t ${SECONDS} ${sound}`);
    await write('master.m3u8', MASTER_WITH_SEPARATE_SOUND);
    const { status, events, end, media } = await runReader({
      url: `${served.url}/master.m3u8`,
      format: 'hls',
    });
    expect(eventsOf(events, 'open')[0]?.format).toBe('hls-ffmpeg');
    expect(end.reason).toBe('eof');
    expect(status).toBe(0);
    expect(await countFrames(media)).toBe(SECONDS * 25);
    expect((await presentationTimes(media, 'a')).length).toBeGreaterThan(SECONDS * 40);
  });

  describe('read by a child ffmpeg', () => {
    async function startChild(): Promise<{ reader: RunningReader; childPid: number }> {
      const sound = '-map 1:a -vn -f hls -hls_time 1 -hls_list_size 0 -hls_flags omit_endlist sound.m3u8';
      const picture = `-map 0:v ${HLS} -hls_flags omit_endlist picture.m3u8`;
      await ffmpegIn(served.folder, `${PICTURE_AND_SOUND} ${picture} -t ${SECONDS} ${sound}`);
      await write('master.m3u8', MASTER_WITH_SEPARATE_SOUND);
      const reader = await startReader({ url: `${served.url}/master.m3u8`, format: 'hls' });
      await until(() => reader.mediaBytes() > 0);
      const pid = reader.child.pid ?? 0;
      const childPid = Number(await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'));
      return { reader, childPid };
    }

    it('ends with an error when the child is killed', async () => {
      const { reader, childPid } = await startChild();
      process.kill(childPid, 'SIGKILL');
      const { status, end } = await reader.ended;
      expect(status).toBe(1);
      expect(end).toMatchObject({ reason: 'error', errorCode: 'FFMPEG_EXIT' });
      expect(end.message).toContain('SIGKILL');
    });

    it('takes the child with it when it is stopped', async () => {
      const { reader, childPid } = await startChild();
      reader.child.kill('SIGTERM');
      expect((await reader.ended).end.reason).toBe('stopped');
      await until(() => !existsSync(`/proc/${childPid}`));
    });
  });

  it('is cut before a segment of another size, and taken up there by the next run', async () => {
    await write('a.ts', await makeMedia({ format: 'mpegts', size: '320x180' }));
    await write('b.ts', await makeMedia({ format: 'mpegts', size: '640x360' }));
    const lines = ['#EXT-X-MEDIA-SEQUENCE:7', '#EXTINF:1,', 'a.ts', '#EXT-X-DISCONTINUITY', '#EXTINF:1,'];
    await write('index.m3u8', playlist(...lines, 'b.ts', '#EXT-X-ENDLIST'));
    const url = `${served.url}/index.m3u8`;
    const first = await runReader({ url, format: 'hls' });
    const resumeAfter = { sequence: 7, uri: '/a.ts' };
    expect(first.status).toBe(0);
    expect(eventsOf(first.events, 'cut')).toMatchObject([{ after: 'h264 profile 66 640x360', resumeAfter }]);
    expect(await countFrames(first.media)).toBe(25);
    const second = await runReader({ url, format: 'hls', resumeAfter });
    expect(second.end.reason).toBe('endlist');
    expect(eventsOf(second.events, 'hls-segment')).toMatchObject([{ sequence: 8, discontinuity: true }]);
    expect(await countFrames(second.media)).toBe(25);
  });

  describe('whose time stamps jump', () => {
    const CLIP = { format: 'mpegts', size: '320x180', sampleRate: 44_100 } as const;

    async function writeClip(name: string, startSeconds: number): Promise<number[]> {
      const clip = await makeMedia({ ...CLIP, startSeconds });
      await write(name, clip);
      return presentationTimes(clip);
    }

    it.each([
      ['back', [500, 501, 20, 21]],
      ['forward', [20, 21, 500, 501]],
    ])('%s at a discontinuity is cut there, and no picture is lost or doubled', async (_name, starts) => {
      const times: number[][] = [];
      for (const [index, start] of starts.entries()) times.push(await writeClip(`${index}.ts`, start));
      const segments = starts.flatMap((_start, index) => [
        ...(index === 2 ? ['#EXT-X-DISCONTINUITY'] : []),
        '#EXTINF:1,',
        `${index}.ts`,
      ]);
      await write('index.m3u8', playlist('#EXT-X-MEDIA-SEQUENCE:7', ...segments, '#EXT-X-ENDLIST'));
      const url = `${served.url}/index.m3u8`;
      const first = await runReader({ url, format: 'hls' });
      expect(first.status).toBe(0);
      expect(first.end.reason).toBe('cut');
      const [cut, ...more] = eventsOf(first.events, 'cut');
      expect(more).toEqual([]);
      expect(cut).toMatchObject({ resumeAfter: { sequence: 8, uri: '/1.ts' } });
      expect(cut?.before).toMatch(/^(video|audio) time \d+\.\d{3} s$/);
      const second = await runReader({ url, format: 'hls', resumeAfter: { sequence: 8, uri: '/1.ts' } });
      expect(second.end.reason).toBe('endlist');
      expect(eventsOf(second.events, 'cut')).toEqual([]);
      expect(eventsOf(second.events, 'skipped')).toEqual([]);
      expect(await presentationTimes(first.media)).toEqual(times.slice(0, 2).flat());
      expect(await presentationTimes(second.media)).toEqual(times.slice(2).flat());
    });

    it('inside a segment has that segment whole, and is not cut behind it', async () => {
      const inside = [500, 20].map((startSeconds) => makeMedia({ ...CLIP, startSeconds }));
      await write('0.ts', Buffer.concat(await Promise.all(inside)));
      await writeClip('1.ts', 21);
      await write('index.m3u8', playlist('#EXTINF:2,', '0.ts', '#EXTINF:1,', '1.ts', '#EXT-X-ENDLIST'));
      const { events, end } = await runReader({ url: `${served.url}/index.m3u8`, format: 'hls' });
      expect(end.reason).toBe('endlist');
      expect(eventsOf(events, 'hls-segment').map(({ videoFrames }) => videoFrames)).toEqual([50, 25]);
    });

    it('only because segments are missing is not cut', async () => {
      await writeClip('0.ts', 20);
      await writeClip('13.ts', 33);
      const gaps = Array.from({ length: 12 }, () => ['#EXT-X-GAP', '#EXTINF:1,', 'absent.ts']).flat();
      await write(
        'index.m3u8',
        playlist('#EXTINF:1,', '0.ts', ...gaps, '#EXTINF:1,', '13.ts', '#EXT-X-ENDLIST'),
      );
      const { events, end } = await runReader({ url: `${served.url}/index.m3u8`, format: 'hls' });
      expect(end.reason).toBe('endlist');
      expect(eventsOf(events, 'skipped')).toMatchObject([{ from: 1, to: 12 }]);
      expect(eventsOf(events, 'hls-segment')).toHaveLength(2);
    });
  });

  it('is cut when its initialisation section changes, but not when it is only named anew', async () => {
    for (const [name, bytes] of [
      ['init-1', 'one'],
      ['init-2', 'one'],
      ['init-3', 'three'],
      ['segment', 'data'],
    ] as const) {
      await write(name, bytes);
    }
    const part = (init: number): string[] => [`#EXT-X-MAP:URI="init-${init}"`, '#EXTINF:1,', 'segment'];
    await write('index.m3u8', playlist(...part(1), ...part(2), ...part(3), '#EXT-X-ENDLIST'));
    const { events, end, media } = await runReader({ url: `${served.url}/index.m3u8`, format: 'hls' });
    expect(media.toString()).toBe('onedatadata');
    expect(end.reason).toBe('cut');
    expect(eventsOf(events, 'cut')[0]?.resumeAfter?.sequence).toBe(1);
  });

  it('reports gaps of the server as skipped and goes on behind them', async () => {
    await write('segment', 'data');
    const gap = ['#EXT-X-GAP', '#EXTINF:1,', 'absent'];
    await write(
      'index.m3u8',
      playlist('#EXTINF:1,', 'segment', ...gap, '#EXTINF:1,', 'segment', '#EXT-X-ENDLIST'),
    );
    const { events, end } = await runReader({ url: `${served.url}/index.m3u8`, format: 'hls' });
    expect(end.reason).toBe('endlist');
    expect(eventsOf(events, 'skipped')).toMatchObject([{ from: 1, to: 1 }]);
    expect(eventsOf(events, 'hls-segment').map(({ sequence }) => sequence)).toEqual([0, 2]);
  });

  it('keeps asking while its playlist stands still', async () => {
    await write('segment', 'data');
    await write('index.m3u8', playlist('#EXTINF:1,', 'segment'));
    const reader = await startReader({ url: `${served.url}/index.m3u8`, format: 'hls' });
    await until(() => served.server.requests.length >= 5);
    expect(eventsOf(reader.events, 'hls-segment')).toHaveLength(1);
    reader.child.kill('SIGINT');
    expect((await reader.ended).end.reason).toBe('stopped');
  });

  it('is found by its bytes when neither address nor content type tell', async () => {
    await write('segment', 'data');
    await write('show', playlist('#EXTINF:1,', 'segment', '#EXT-X-ENDLIST'));
    const { end, media } = await runReader({ url: `${served.url}/show`, format: 'auto' });
    expect(end.reason).toBe('endlist');
    expect(media.toString()).toBe('data');
  });
});
