import { BROWSER_USER_AGENT } from '../http/user-agent.js';

/** TikTok's own web player names itself so. */
const WEB_APP_ID = '1988';

/** Room number, state and addresses of a user's show, as the player asks for them. */
export function userRoomUrl(baseUrl: string, user: string): string {
  const url = new URL('/api-live/user/room/', baseUrl);
  url.search = new URLSearchParams({ aid: WEB_APP_ID, sourceType: '54', uniqueId: user }).toString();
  return url.href;
}

/** The page that people open. It holds the same facts in a script. */
export function livePageUrl(baseUrl: string, user: string): string {
  return new URL(`/@${user}/live`, baseUrl).href;
}

/** Everything about one room. */
export function roomInfoUrl(webcastUrl: string, roomId: string): string {
  const url = new URL('/webcast/room/info/', webcastUrl);
  url.search = new URLSearchParams({ aid: WEB_APP_ID, room_id: roomId }).toString();
  return url.href;
}

/** The endpoints answer browsers that come from the page; others get an empty body. */
export function browserHeaders(baseUrl: string, user: string): Record<string, string> {
  return {
    'user-agent': BROWSER_USER_AGENT,
    accept: 'application/json, text/html;q=0.9, */*;q=0.8',
    'accept-language': 'en-US,en;q=0.9',
    'accept-encoding': 'gzip, deflate, br',
    referer: livePageUrl(baseUrl, user),
  };
}

/** What the media hosts are sent. No cookies: they would travel through history. */
export function mediaHeaders(baseUrl: string): Record<string, string> {
  return { 'User-Agent': BROWSER_USER_AGENT, Referer: new URL('/', baseUrl).href };
}
