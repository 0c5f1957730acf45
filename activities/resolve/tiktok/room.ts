/** The three places that describe a room, each read into the same few facts. */
import { asObject, at, numberAt, parseObject, textAt, type JsonObject } from './json.js';
import { fromPullUrls, fromStreamData, type Candidate } from './candidates.js';

/** TikTok's number for a show that is on. 4 is over; there are others (1 preparing, 3 paused). */
export const STATUS_LIVE = 2;
export const STATUS_PAUSED = 3;

/** What is known of a user's room. */
export interface Room {
  /** Null when the user has no room: he has never been live, or not for long. */
  readonly roomId: string | null;
  readonly status: number | null;
  readonly title: string | null;
  /** Addresses at which the show can be had, best first; often empty in the first answer. */
  readonly candidates: readonly Candidate[];
}

/** Reads `data` of `/api-live/user/room/`, or `LiveRoom.liveRoomUserInfo` of the page: both have one form. */
export function readUserRoom(data: unknown): Room | null {
  const user = asObject(at(data, 'user'));
  const room = asObject(at(data, 'liveRoom'));
  if (user === null && room === null) return null;
  return {
    roomId: roomIdOf(at(user, 'roomId')) ?? roomIdOf(at(room, 'streamId')),
    status: numberAt(room, 'status') ?? numberAt(user, 'status'),
    title: textAt(room, 'title'),
    candidates: [
      ...fromStreamData(textAt(room, 'streamData', 'pull_data', 'stream_data'), 'h264'),
      ...fromStreamData(textAt(room, 'hevcStreamData', 'pull_data', 'stream_data'), 'h265'),
    ],
  };
}

/** Finds the state that the live page carries for its own script. Null when there is none. */
export function readLivePage(html: string): Room | null {
  const script = /<script[^>]*\bid="(?:SIGI_STATE|sigi-persisted-data)"[^>]*>([\s\S]*?)<\/script>/.exec(html);
  const state = parseObject(script?.[1] ?? null);
  return readUserRoom(at(state, 'LiveRoom', 'liveRoomUserInfo'));
}

/** Reads `data` of `/webcast/room/info/`. */
export function readRoomInfo(data: JsonObject): Room {
  const streamUrl = at(data, 'stream_url');
  return {
    roomId: roomIdOf(data['id_str']) ?? roomIdOf(data['id']),
    status: numberAt(data, 'status'),
    title: textAt(data, 'title'),
    candidates: [
      ...fromStreamData(textAt(streamUrl, 'live_core_sdk_data', 'pull_data', 'stream_data'), 'h264'),
      ...fromPullUrls(streamUrl),
    ],
  };
}

/** Room numbers have 19 digits: as a JSON number they would lose some. `0` and an empty text mean none. */
function roomIdOf(value: unknown): string | null {
  const text = typeof value === 'string' ? value : '';
  return /^[1-9]\d{0,24}$/.test(text) ? text : null;
}
