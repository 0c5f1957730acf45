/**
 * What streamlink and yt-dlp mean by their messages. Both speak for hundreds of sites, whose texts differ; the table
 * holds what is common to them, most telling first.
 */
import { blocked, failed, notLive, type Resolution } from '../resolution.js';
import { asDetail } from '../text.js';

type Meaning = 'blocked' | 'not_live' | 'unauthorized' | 'usage' | 'gone' | 'request';

const TABLE: readonly { readonly meaning: Meaning; readonly pattern: RegExp }[] = [
  {
    meaning: 'blocked',
    pattern:
      /not a bot|captcha|unusual traffic|too many requests|\b429\b|rate.?limit|cloudflare|anti-?bot|blocked by|ip (?:address )?(?:is |has been )?(?:blocked|banned)|unable to (?:solve|extract) (?:js )?challenge|\bHTTP Error (?:403|412)\b|\b(?:403|412) Client Error\b/i,
  },
  {
    // A quality that is not offered now may be offered with the next show, so that ends nothing for good.
    meaning: 'not_live',
    pattern:
      /no playable streams|not (?:currently )?(?:live|streaming|broadcasting|on ?air)\b|\b(?:is|are|currently) offline|will begin|will start|has(?: not|n['’]t) (?:yet )?(?:started|begun)|(?:stream|event|broadcast|live|show)\w* (?:has |is )?(?:already )?(?:ended|over|finished)|premieres? in|no (?:live|active) (?:stream|broadcast|video)|no video formats found|requested format is not available|specified stream\(s\)/i,
  },
  {
    meaning: 'unauthorized',
    pattern:
      /sign in|log ?in|logged.in|cookies|private|members?.only|subscriber|subscription|premium|purchase|paid|confirm your age|age.restricted|geo.?(?:restrict|block)|not available (?:in|from) your (?:country|location|region)|blocked it in your country|\b401\b|unauthori[sz]ed|authenticat|requires payment|drm/i,
  },
  {
    meaning: 'usage',
    pattern:
      /no plugin can handle|unsupported url|is not a valid url|unrecognized arguments|no such option|invalid choice|the following arguments are required|expected one argument|invalid format|ambiguous option|requires \d+ argument|you must provide/i,
  },
  { meaning: 'gone', pattern: /\b(?:HTTP Error )?(?:404|410)(?::| Client Error)/i },
  {
    meaning: 'request',
    pattern:
      /unable to (?:open url|download)|HTTP Error|(?:Client|Server) Error|connection|timed? ?out|name resolution|getaddrinfo|ssl|certificate|network|unreachable|max retries exceeded|remote end closed|transporterror/i,
  },
];

/** Reads a message of a tool; null when the table does not know it. */
export function verdictOf(message: string): Resolution | null {
  const detail = asDetail(message);
  // What stands in an address is the user's choice of words, not the tool's.
  const meaning = TABLE.find(({ pattern }) => pattern.test(withoutAddresses(message)))?.meaning;
  switch (meaning) {
    case undefined:
      return null;
    case 'blocked':
      return blocked(detail);
    case 'not_live':
    case 'gone':
      return notLive(detail);
    case 'unauthorized':
      return failed('unauthorized', detail);
    case 'usage':
      return failed('invalid_pipeline', detail);
    case 'request':
      return failed('http_error', detail);
  }
}

function withoutAddresses(message: string): string {
  return message.replaceAll(/\b[a-z][a-z0-9+.-]*:\/\/[^\s'"<>)]+/gi, '<address>');
}
