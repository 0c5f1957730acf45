import type { ResolverConfig } from '../../../core/config/stream.js';
import { expandSecrets } from '../../secrets/index.js';
import { HttpFailure } from '../http/failure.js';
import { fetchPage, type Page } from '../http/page.js';
import { foreignMedia } from '../media.js';
import { failed, live, notLive, unreachable, type Resolution, type ResolveContext } from '../resolution.js';
import { asDetail } from '../text.js';
import { chooseCandidate } from './candidates.js';
import { browserHeaders, livePageUrl, mediaHeaders, roomInfoUrl, userRoomUrl } from './endpoints.js';
import { at, asObject, parseObject } from './json.js';
import { documentRefusal, isUserNotFound, messageOf, pageRefusal } from './refusal.js';
import { readLivePage, readRoomInfo, readUserRoom, STATUS_LIVE, STATUS_PAUSED, type Room } from './room.js';

type TiktokConfig = Extract<ResolverConfig, { kind: 'tiktok' }>;

/** An answer that we cannot read will not be another two seconds later, and asking often is what gets one blocked. */
const UNREADABLE_RETRY_MS = 15_000;

/** A room, or the answer that ends the search. */
type Found = { readonly room: Room } | { readonly answer: Resolution };

interface Session {
  readonly config: TiktokConfig;
  readonly user: string;
  readonly get: (url: string) => Promise<Page>;
}

/**
 * User name to room number to live address, anew each time: rooms change with every show and addresses expire. Asks as
 * little as possible, because many requests are what gets an address blocked: one where the first answer holds it all.
 */
export async function resolveTiktok(config: TiktokConfig, context: ResolveContext): Promise<Resolution> {
  const session = openSession(config, context);
  try {
    const found = await findRoom(session);
    if ('answer' in found) return found.answer;
    const ended = endedAnswer(found.room, session.user);
    if (ended !== null) return ended;
    if (found.room.candidates.length > 0) return choose(found.room, session);
    return await askRoom(found.room, session);
  } catch (error) {
    if (error instanceof HttpFailure) return unreachable('TikTok', error);
    throw error;
  }
}

function openSession(config: TiktokConfig, { env, signal }: ResolveContext): Session {
  const user = config.user.replace(/^@/, '').toLowerCase();
  const headers = {
    ...browserHeaders(config.base_url, user),
    ...(config.cookies === undefined ? {} : { cookie: expandSecrets(config.cookies, env) }),
  };
  return { config, user, get: (url) => fetchPage({ url, headers, signal }) };
}

/** The API first. The page is asked only when the API gives neither a room nor a refusal: it errs at times. */
async function findRoom(session: Session): Promise<Found> {
  const page = await session.get(userRoomUrl(session.config.base_url, session.user));
  const refusal = pageRefusal(page);
  if (refusal !== null) return { answer: refusal };
  const document = parseObject(page.text);
  if (document !== null) {
    const answer = documentRefusal(document, session.user);
    if (answer !== null) return { answer };
    const room = readUserRoom(document['data']);
    if (room !== null) return { room };
  }
  return findRoomOnPage(session, document !== null && isUserNotFound(document));
}

async function findRoomOnPage(session: Session, apiKnowsNoSuchUser: boolean): Promise<Found> {
  const page = await session.get(livePageUrl(session.config.base_url, session.user));
  const refusal = pageRefusal(page);
  if (refusal !== null) return { answer: refusal };
  const room = readLivePage(page.text);
  if (room !== null) return { room };
  if (apiKnowsNoSuchUser || page.status === 404) {
    // Not a fatal error: TikTok says so of users that are live, too, and a renamed or unblocked user comes back.
    return { answer: notLive(`TikTok knows no user @${session.user}, or does not show them from here`) };
  }
  return {
    answer: failed(
      'http_error',
      'TikTok’s answer holds no room: its form may have changed',
      UNREADABLE_RETRY_MS,
    ),
  };
}

/** A room number outlives the show, and so do its addresses: only the status tells. */
function endedAnswer({ roomId, status }: Room, user: string): Resolution | null {
  if (status === STATUS_LIVE) return null;
  if (status === STATUS_PAUSED) return notLive(`the show of @${user} is paused`);
  if (status === null && roomId !== null) return null;
  return notLive(`@${user} is offline`);
}

/** The show is on, but its addresses were not in the first answer. */
async function askRoom({ roomId, title }: Room, session: Session): Promise<Resolution> {
  if (roomId === null) return notLive(`@${session.user} has no room`);
  const page = await session.get(roomInfoUrl(session.config.webcast_url, roomId));
  const refusal = pageRefusal(page);
  if (refusal !== null) return refusal;
  const document = parseObject(page.text);
  if (document === null)
    return failed('http_error', 'TikTok’s room information is not JSON', UNREADABLE_RETRY_MS);
  const answer = documentRefusal(document, session.user);
  if (answer !== null) return answer;
  const data = asObject(at(document, 'data'));
  const room = data === null ? null : readRoomInfo(data);
  if (room === null || room.status === null) return unreadableRoom(messageOf(document), session.user);
  const ended = endedAnswer(room, session.user);
  return ended ?? choose({ ...room, title: room.title ?? title }, session);
}

/** An answer without a room: the show has ended in between, or something is wrong. */
function unreadableRoom(message: string, user: string): Resolution {
  if (/finished|ended|not found|offline/i.test(message)) return notLive(`the show of @${user} has ended`);
  return failed(
    'http_error',
    asDetail(`TikTok gave no room information: ${message || 'no reason named'}`),
    UNREADABLE_RETRY_MS,
  );
}

function choose(room: Room, { config, user }: Session): Resolution {
  const candidate = chooseCandidate(room.candidates, config.quality);
  if (candidate === null) {
    return failed(
      'http_error',
      `@${user} is live, but TikTok gives no address with a picture`,
      UNREADABLE_RETRY_MS,
    );
  }
  return live(foreignMedia(candidate.url, mediaHeaders(config.base_url), candidate.format), room.title);
}
