import type { IncomingMessage, ServerResponse } from 'node:http';
import { startServer, type LocalServer } from '../local-server.js';

export const ROOM_ID = '7324982114957544223';
const CDN = 'https://pull-flv-f77-sg01.tiktokcdn.com/game';

const quality = (name: string, codec: string, withHls = true) => ({
  main: {
    flv: `${CDN}/stream-27_${codec}_${name}.flv?expire=1764000000&sign=abc`,
    hls: withHls ? `${CDN}/stream-27_${codec}_${name}/playlist.m3u8?expire=1764000000&sign=abc` : '',
    sdk_params: JSON.stringify({ VCodec: codec, vbitrate: 1_000_000, resolution: '720x1280' }),
  },
});

/** The JSON text in which TikTok wraps the addresses. */
export const streamData = (codec = 'h264', names = ['ld', 'sd', 'hd', 'origin', 'ao']) =>
  JSON.stringify({ common: {}, data: Object.fromEntries(names.map((name) => [name, quality(name, codec)])) });

/** `data` of the user's room, as API and page give it. */
export const userRoom = (status: number, extra: object = {}) => ({
  user: { id: '6621', nickname: 'Someone', roomId: status === 2 ? ROOM_ID : '', status, uniqueId: 'someone' },
  stats: { followerCount: 12 },
  liveRoom: { title: 'Late night', status, startTime: 1_763_990_000, ...extra },
});

export const apiAnswer = (data: unknown) => JSON.stringify({ data, message: '', statusCode: 0 });

export const livePage = (data: unknown) =>
  `<!DOCTYPE html><html><body><div id="app">captcha</div><script id="SIGI_STATE" type="application/json">${JSON.stringify(
    { AppContext: {}, LiveRoom: { liveRoomStatus: 1, liveRoomUserInfo: data } },
  )}</script></body></html>`;

export const roomInfo = (status: number, streamUrl: object) =>
  JSON.stringify({
    data: {
      id_str: ROOM_ID,
      status,
      title: 'Late night',
      stream_url: streamUrl,
      owner: { display_id: 'someone' },
    },
    extra: { now: 1_763_990_001 },
    status_code: 0,
  });

export const CHALLENGE_PAGE =
  '<html><head><title>Please wait...</title></head><body><p id="wci" class="_wafchallengeid"></p></body></html>';

type Play = (request: IncomingMessage, response: ServerResponse) => void;

/** What the three endpoints answer; a text stands for 200 and that body. */
export interface TiktokPlay {
  readonly api?: Play | string;
  readonly page?: Play | string;
  readonly room?: Play | string;
}

/** A server in the place of www.tiktok.com and webcast.tiktok.com. */
export function startTiktok(play: TiktokPlay): Promise<LocalServer> {
  return startServer((request, response) => {
    const path = request.url ?? '';
    const part = path.startsWith('/api-live/user/room/')
      ? play.api
      : path.startsWith('/webcast/room/info/')
        ? play.room
        : play.page;
    if (path.startsWith('/login')) response.end('<html>Log in</html>');
    else if (part === undefined) response.writeHead(500).end('not part of this play');
    else if (typeof part === 'string') response.end(part);
    else part(request, response);
  });
}

export const status =
  (code: number, headers: Record<string, string> = {}): Play =>
  (_request, response) => {
    response.writeHead(code, headers).end();
  };
