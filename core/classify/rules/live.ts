import type { MediaCause } from '../../causes.js';
import { anyOf, STRENGTH, type Rule } from '../types.js';

/** The show that is over, has not begun or was never there. */
export const LIVE_RULES: readonly Rule<MediaCause | 'other'>[] = [
  {
    name: 'site says that nothing is on',
    cause: 'not_live',
    strength: STRENGTH.decisive,
    pattern: anyOf(
      /no playable streams/,
      /is (?:currently )?(?:offline|not (?:currently )?(?:live|streaming|broadcasting|online|on ?air))/,
      /isn't (?:currently )?(?:live|streaming|online)|not currently (?:live|streaming|available)/,
      /channel is offline|stream(?:er)? (?:is |was |has )?offline/,
      /stream(?:er)? (?:is|was|has) (?:ended|over|finished)|went offline|has gone offline/,
      /\b(?:broadcast|live ?stream|live event|event|show|room|recording|premiere|live)(?: has| is| was)? (?:already )?(?:ended|over|finished|concluded|closed|not (?:yet )?(?:started|begun|live))/,
      /(?:will begin|begins|premieres|starts?|scheduled to start) (?:in|at|on|shortly)/,
      /waiting for (?:the )?(?:stream|streams|broadcast|live|scheduled)/,
      /before the (?:broadcast|stream|show|event|premiere|live ?stream|program(?:me)?) (?:starts|begins)/,
      /live stream recording is not available|this live event has ended/,
      /no (?:live )?(?:stream|broadcast|video formats)s? (?:found|available|is live|currently)/,
      /no video formats found|no streams? (?:found|available)|does not have any (?:live )?stream/,
      /user (?:is )?(?:not found|does not exist|hasn't started)|has not (?:yet )?started/,
      /netstream\.play\.(?:streamnotfound|unpublishnotify|stop|failed)/,
      /netstream\.play\.\w{0,20}notfound|stream not found|no such stream|\bunpublish/,
      /publisher (?:is )?(?:gone|disconnected|left)|no one is publishing/,
      /stream .{0,60}(?:not found|does not exist|no longer exists|is not available)/,
      /video (?:is )?(?:unavailable|not available|has been removed|no longer available|was deleted)/,
      /\b(?:channel|page|video|user|room|account)\b.{0,30}(?:does not exist|doesn't exist|not found|has been (?:removed|deleted|terminated|suspended|banned))/,
      /EXT-X-ENDLIST|end of playlist|直播(?:已)?结束|未开播|主播不在|配信は(?:終了|まだ)|オフライン/,
    ),
    unless:
      /\b(?:devices?|encoders?|decoders?|host(?:name)?)\b|(?<!from )\belements?\b|ECONN|stream (?:map|specifier)|program \d/i,
    why: 'The site or server has answered: there is nothing to receive until someone begins a show.',
  },
  {
    name: 'stream is said to have ended',
    cause: 'not_live',
    strength: STRENGTH.weak,
    pattern: /\bstream (?:has |is |was )?(?:ended|over|finished|closed)\b/i,
    why: 'Tools say this after any end; only where nothing else is said it is the end of the show.',
  },
  {
    name: 'address of the show is not there',
    cause: 'not_live',
    strength: STRENGTH.specific,
    pattern: anyOf(
      /\b404\b.{0,3}client error|\b404\b.{0,12}not found|(?:not found|gone) \(4(?:04|10)\)|server returned 404|(?:error|code|status|http|returned)[\s:=]{1,3}404\b/,
      /\b410\b.{0,12}gone|method (?:describe|play|setup) failed: (?:404|454|455)|http error 404/,
      /http error 410/,
    ),
    why: 'A media server answers 404 for a stream nobody publishes.',
  },
];
