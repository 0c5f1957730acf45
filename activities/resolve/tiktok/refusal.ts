/** How TikTok says no. It seldom uses the status for it: most refusals come as 200. */
import type { Page } from '../http/page.js';
import { blocked, failed, type Resolution } from '../resolution.js';
import { at, parseObject, textAt, type JsonObject } from './json.js';

/** The room may be seen by adults who are logged in. */
const STATUS_CODE_AGE_RESTRICTED = 4_003_110;
/** The API has never heard of the user, or does not show him from here. */
const STATUS_CODE_USER_NOT_FOUND = 19_881_007;

const CHALLENGE = /Please wait\.\.\.|SlardarWAF|_wafchallengeid|waforiginalreid|captcha|verify to continue/i;
const PRIVATE = /account is private|follow the creator to (?:watch|access)|private account/i;
const REGION =
  /not available in your (?:country|region|area)|region.?(?:restricted|blocked)|country.?blocked/i;
const LOGIN_PATH = /^\/(?:login|signup)\b/;

const COOKIES_HINT = 'set cookies of a logged-in account';

/** Blocked, sent to the login or a broken server; null when the page can be read. */
export function pageRefusal(page: Page): Resolution | null {
  const { status, text, retryAfterMs } = page;
  if (status === 403 || status === 429) {
    return blocked(`TikTok blocks this address: it answered ${status}`, retryAfterMs);
  }
  if (LOGIN_PATH.test(new URL(page.url).pathname) || status === 401) {
    return failed('unauthorized', `TikTok asks for a login, as it does in some countries: ${COOKIES_HINT}`);
  }
  if (status >= 500) return failed('http_error', `TikTok answered ${status}`, retryAfterMs);
  if (status === 404) return null;
  if (text.trim() === '') return blocked('TikTok blocks this address: its answer was empty', retryAfterMs);
  if (parseObject(text) === null && !text.includes('SIGI_STATE') && CHALLENGE.test(text)) {
    return blocked('TikTok blocks this address: it wants a captcha solved', retryAfterMs);
  }
  return null;
}

/** Private, restricted by age or region; null when the document says none of it. */
export function documentRefusal(document: JsonObject, user: string): Resolution | null {
  const code = statusCodeOf(document);
  if (code === STATUS_CODE_AGE_RESTRICTED) {
    return failed('unauthorized', `the show of @${user} is age-restricted: ${COOKIES_HINT} that may see it`);
  }
  const words = messageOf(document);
  if (PRIVATE.test(words)) {
    return failed('unauthorized', `the account @${user} is private: ${COOKIES_HINT} that follows it`);
  }
  if (REGION.test(words)) {
    return failed('unauthorized', `the show of @${user} is not shown in this region`);
  }
  return null;
}

export function isUserNotFound(document: JsonObject): boolean {
  return (
    statusCodeOf(document) === STATUS_CODE_USER_NOT_FOUND || /user_?not_?found/i.test(messageOf(document))
  );
}

/** `statusCode` at www.tiktok.com, `status_code` at the webcast host. */
function statusCodeOf(document: JsonObject): number {
  const code = document['statusCode'] ?? document['status_code'];
  return typeof code === 'number' ? code : 0;
}

/** Everything in an answer that is meant to be read by people. Titles and names are not among it. */
export function messageOf(document: JsonObject): string {
  const texts = [
    textAt(document, 'message'),
    textAt(document, 'data', 'message'),
    textAt(document, 'data', 'prompts'),
    textAt(document, 'extra', 'prompts'),
    textAt(at(document, 'data'), 'prompt'),
  ];
  return texts.filter((text) => text !== null).join(' ');
}
