import type { HttpCause } from '../../../causes.js';
import { anyOf, STRENGTH, type Rule } from '../../types.js';

/** Shows and event streams that have not begun, are over, or are not there. */
export const LIVE_RULES: readonly Rule<HttpCause>[] = [
  {
    name: 'event stream is not there',
    cause: 'not_live',
    strength: STRENGTH.decisive,
    pattern: anyOf(
      /event ?source.{0,160}(?:mime type|content[- ]type|status|204|not \W?200)/,
      /mime type .{0,80}event-stream|not "?'?text\/event-stream|expected .{0,40}text\/event-stream/,
      /invalid content[- ]type.{0,80}event|text\/event-stream.{0,60}(?:expected|got|received|but)/,
      /status(?: code)?\W{1,3}204|event stream (?:ended|closed|not found)/,
    ),
    unless: /session|internet/i,
    why: 'An answer that is no event stream will not become one by a retry.',
  },
  {
    name: 'show is over or has not begun',
    cause: 'not_live',
    strength: STRENGTH.decisive,
    pattern: anyOf(
      /no longer live|not (?:currently |yet )?live|(?:isn't|aren't|is not|not) (?:live|online)\b|not live yet|\boffline\b/,
      /not (?:currently |presently )?(?:hosting|broadcasting|streaming|on air|on the air)|LiveNotFound|NotLive|UserOffline|StreamOffline|LiveStreamOffline/,
      /(?:find|get|no|retrieve|extract) (?:a )?(?:live |stream |playable ){1,3}(?:ur[li]|link)s?/,
      /no (?:playable |available |active |live )(?:live )?(?:streams?|broadcasts?|shows?)\b/,
      /(?<!\w)(?:stream|live|broadcast|show|room|event|livestream) (?:has |is |was |have )?(?:already |been )?(?:ended|over|offline|not found|finished|concluded|does not exist)\b|\b(?:room|broadcast) (?:is |was )?closed/,
      /(?:premieres?|premiering|live|starts?|begins?|airs|available) in (?:about )?(?:\d{1,4}|a few|one|an?) (?:moment|second|minute|hour|day|week|month)/,
      /\b(?:live|event|show|stream|broadcast|premiere)\b[^.<>]{0,40}\b(?:will|(?:scheduled|about|due|set|yet) to) (?:begin|start|be live|go live)|(?:before|until) the (?:broadcast|show|stream|premiere|event) (?:starts|begins)/,
      /(?:live|event|show|stream|broadcast) has(?:n't| not) (?:yet )?(?:started|begun)|(?:upcoming|scheduled) (?:live|stream|event|broadcast|show|premiere)/,
      /hosting another channel|live.{0,40}could not be found|stream recording is not available|has ended/,
      /未开播|未開播|没有开播|没开播|不在直播|直播间?(?:已|已经)?(?:结束|結束|关闭)|不在线|还没有?直播|尚未开始|下播/,
      /配信(?:は|が)?(?:終了|開始されていません|されていません)|放送(?:は|が)?終了|オフライン|방송.{0,6}(?:종료|중이 아)|라이브.{0,8}종료/,
      /трансляция.{0,20}(?:заверш|законч|окончен|не началась)|не в эфире|n'est pas en direct|nicht live|no está en (?:vivo|directo)|não está ao vivo/,
    ),
    unless:
      /appears to be offline|you(?: are|'re) offline|\bsession\b|internet|(?:browser|server|service|proxy|host|device|computer|脱机|已脱机).{0,20}offline|offline (?:mode|page)/i,
    why: 'Before it begins and after it ends a show has no address; a retry finds the same.',
  },
  {
    name: 'page names no live room',
    cause: 'not_live',
    strength: STRENGTH.specific,
    pattern: /room_?id|stream_?url|live_?url/i,
    unless: /invalid url|captcha|blocked/i,
    why: 'Resolvers that find neither a room nor a stream address have met a page without a show.',
  },
];
