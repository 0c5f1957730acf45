/** Each case is a server that answers as TikTok does in it. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { LocalServer } from '../local-server.js';
import { resolver } from '../resolve-once.js';
import {
  apiAnswer,
  CHALLENGE_PAGE,
  livePage,
  ROOM_ID,
  roomInfo,
  startTiktok,
  status,
  streamData,
  userRoom,
  type TiktokPlay,
} from './tiktok-site.js';

let server: LocalServer | undefined;
afterEach(async () => server?.close());

async function ask(play: TiktokPlay, extra: object = {}, env = {}) {
  server = await startTiktok(play);
  return resolver({ env })({
    kind: 'tiktok',
    user: '@Some.One',
    base_url: server.url,
    webcast_url: server.url,
    ...extra,
  });
}

const asked = () => server?.requests.map((request) => request.url?.split('?')[0]);
const pull = (data: string) => ({ streamData: { pull_data: { stream_data: data } } });
const LIVE = apiAnswer(userRoom(2, pull(streamData())));
const LIVE_WITHOUT_ADDRESSES = apiAnswer(userRoom(2));

describe('TikTok user who is live', () => {
  it('is resolved by one request, as a browser would ask', async () => {
    expect(await ask({ api: LIVE })).toEqual({
      kind: 'live',
      media: {
        url: expect.stringContaining('_h264_origin.flv?expire='),
        format: 'flv',
        headers: { 'User-Agent': expect.stringContaining('Mozilla'), Referer: `${server?.url}/` },
      },
      title: 'Late night',
    });
    expect(server?.requests.map(({ url }) => url)).toEqual([
      '/api-live/user/room/?aid=1988&sourceType=54&uniqueId=some.one',
    ]);
    expect(server?.requests[0]?.headers).toMatchObject({
      'user-agent': expect.stringContaining('Mozilla'),
      referer: `${server?.url}/@some.one/live`,
    });
  });

  it('is resolved anew each time', async () => {
    server = await startTiktok({ api: LIVE });
    const again = resolver();
    const entry = { kind: 'tiktok', user: 'x', base_url: server.url, webcast_url: server.url };
    await again(entry);
    await again(entry);
    expect(server.requests).toHaveLength(2);
  });

  it('can be had in the worst quality, but never as sound alone', async () => {
    expect(await ask({ api: LIVE }, { quality: 'worst' })).toMatchObject({
      media: { url: expect.stringContaining('_ld.flv') },
    });
  });

  it('is recorded as H.264, or as H.265 where there is nothing else', async () => {
    const hevc = { hevcStreamData: { pull_data: { stream_data: streamData('h265') } } };
    const both = apiAnswer(userRoom(2, { ...pull(streamData('h264', ['sd'])), ...hevc }));
    expect(await ask({ api: both })).toMatchObject({ media: { url: expect.stringContaining('h264_sd') } });
    await server?.close();
    expect(await ask({ api: apiAnswer(userRoom(2, hevc)) })).toMatchObject({
      media: { url: expect.stringContaining('h265_origin') },
    });
  });

  it('is asked for at the room when the first answer has no addresses', async () => {
    const room = roomInfo(2, {
      live_core_sdk_data: { pull_data: { stream_data: streamData('h264', ['sd', 'hd']) } },
      flv_pull_url: { FULL_HD1: 'https://pull.example/old.flv' },
    });
    expect(await ask({ api: LIVE_WITHOUT_ADDRESSES, room })).toMatchObject({
      kind: 'live',
      title: 'Late night',
    });
    expect(server?.requests.at(-1)?.url).toBe(`/webcast/room/info/?aid=1988&room_id=${ROOM_ID}`);
  });

  it('is found in the older lists', async () => {
    const room = roomInfo(2, {
      flv_pull_url: { SD1: 'https://pull.example/sd1.flv', HD1: 'https://pull.example/hd1.flv' },
      hls_pull_url: 'https://pull.example/playlist.m3u8',
    });
    expect(await ask({ api: LIVE_WITHOUT_ADDRESSES, room })).toMatchObject({
      media: { url: 'https://pull.example/hd1.flv', format: 'flv' },
    });
  });

  it('is recorded from HLS when there is no FLV', async () => {
    const room = roomInfo(2, { hls_pull_url: 'https://pull.example/playlist.m3u8' });
    expect(await ask({ api: LIVE_WITHOUT_ADDRESSES, room })).toMatchObject({
      media: { url: 'https://pull.example/playlist.m3u8', format: 'hls' },
    });
  });

  it('is found on the page when the API does not know him, as happens', async () => {
    const api = JSON.stringify({ message: 'user_not_found', statusCode: 19881007 });
    expect(await ask({ api, page: livePage(userRoom(2, pull(streamData()))) })).toMatchObject({
      kind: 'live',
    });
    expect(asked()).toEqual(['/api-live/user/room/', '/@some.one/live']);
  });

  it('is no loss while no address is given: that is tried again', async () => {
    expect(await ask({ api: LIVE_WITHOUT_ADDRESSES, room: roomInfo(2, {}) })).toMatchObject({
      cause: 'http_error',
      retryAfterMs: 15_000,
    });
  });
});

describe('TikTok user who is not live', () => {
  it.each([
    ['offline', { api: apiAnswer(userRoom(4)) }, /offline/],
    [
      'offline, with addresses of the last show',
      { api: apiAnswer(userRoom(4, pull(streamData()))) },
      /offline/,
    ],
    ['paused', { api: apiAnswer(userRoom(3)) }, /paused/],
    ['ended in between', { api: LIVE_WITHOUT_ADDRESSES, room: roomInfo(4, {}) }, /offline/],
    [
      'ended in between, in words',
      {
        api: LIVE_WITHOUT_ADDRESSES,
        room: JSON.stringify({ data: { message: 'room has finished' }, status_code: 30003 }),
      },
      /ended/,
    ],
    [
      'unknown to the API and on the page',
      { api: JSON.stringify({ message: 'user_not_found', statusCode: 19881007 }), page: '<html></html>' },
      /knows no user @some\.one/,
    ],
    ['unknown: the page is missing', { api: '{"statusCode":0}', page: status(404) }, /knows no user/],
  ] as const)('%s', async (_case, play, detail) => {
    expect(await ask(play)).toMatchObject({ kind: 'not_live', detail: expect.stringMatching(detail) });
  });
});

describe('TikTok room that wants more', () => {
  it.each([
    ['age-restricted', JSON.stringify({ data: { prompts: '' }, status_code: 4003110 }), /age-restricted/],
    ['private', JSON.stringify({ data: { message: 'This account is private' }, status_code: 10 }), /private/],
    [
      'for followers',
      JSON.stringify({ data: { prompts: 'Follow the creator to watch their LIVE' }, status_code: 10 }),
      /private.*follows/,
    ],
    [
      'not for this region',
      JSON.stringify({ data: { prompts: 'This LIVE is not available in your region' }, status_code: 10 }),
      /region/,
    ],
  ])('is %s: unauthorized', async (_case, room, detail) => {
    expect(await ask({ api: LIVE_WITHOUT_ADDRESSES, room })).toMatchObject({
      kind: 'failed',
      cause: 'unauthorized',
      detail: expect.stringMatching(detail),
    });
  });

  it('is behind a login in this country: unauthorized', async () => {
    expect(await ask({ api: status(302, { location: '/login?redirect=x' }) })).toMatchObject({
      cause: 'unauthorized',
      detail: expect.stringContaining('login'),
    });
  });

  it('is asked for with the cookies of the configuration, which nobody else sees', async () => {
    const result = await ask({ api: LIVE }, { cookies: 'sessionid_ss=${env:TT}' }, { TT: 'verysecret1' });
    expect(server?.requests[0]?.headers.cookie).toBe('sessionid_ss=verysecret1');
    expect(JSON.stringify(result)).not.toMatch(/verysecret1|sessionid/);
  });
});

describe('TikTok that blocks', () => {
  it.each([
    ['403', { api: status(403) }],
    ['429', { api: status(429) }],
    ['an empty answer', { api: '' }],
    ['a challenge', { api: CHALLENGE_PAGE }],
    ['SlardarWAF', { api: '<script src="https://sf.example/SlardarWAF.js"></script>' }],
    ['a challenge on the page', { api: '{"statusCode":1}', page: CHALLENGE_PAGE }],
    ['a block at the room', { api: LIVE_WITHOUT_ADDRESSES, room: status(403) }],
  ] as const)('by %s is left alone for minutes', async (_case, play) => {
    const result = await ask(play);
    expect(result).toMatchObject({ cause: 'http_error', detail: expect.stringContaining('blocks') });
    expect(result.kind === 'failed' ? result.retryAfterMs : 0).toBeGreaterThan(110_000);
  });

  it('with Retry-After is asked again then', async () => {
    const result = await ask({ api: status(429, { 'retry-after': '600' }) });
    expect(result.kind === 'failed' ? result.retryAfterMs : 0).toBeGreaterThan(590_000);
  });

  it('is not asked by other streams meanwhile', async () => {
    server = await startTiktok({ api: status(403) });
    const shared = resolver();
    const entry = (user: string) => ({
      kind: 'tiktok',
      user,
      base_url: server?.url,
      webcast_url: server?.url,
    });
    await shared(entry('one'));
    expect(await shared(entry('two'))).toMatchObject({
      kind: 'failed',
      cause: 'http_error',
      detail: expect.stringContaining('left alone'),
      retryAfterMs: expect.any(Number),
    });
    expect(server.requests).toHaveLength(1);
  });
});

describe('TikTok that is broken', () => {
  it.each([
    ['5xx', { api: status(502) }, 'answered 502'],
    [
      'a reset',
      { api: (request: { socket: { resetAndDestroy(): void } }) => request.socket.resetAndDestroy() },
      'TikTok: ',
    ],
    ['half a document', { api: '{"data": {"user"', page: '<html>new form</html>' }, 'form may have changed'],
    ['a room that is not JSON', { api: LIVE_WITHOUT_ADDRESSES, room: '<html></html>' }, 'not JSON'],
  ] as const)('with %s is a failed request', async (_case, play, detail) => {
    expect(await ask(play as TiktokPlay)).toMatchObject({
      kind: 'failed',
      cause: 'http_error',
      detail: expect.stringContaining(detail),
    });
  });
});
