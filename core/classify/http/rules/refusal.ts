import type { HttpCause } from '../../../causes.js';
import { anyOf, STRENGTH, type Rule } from '../../types.js';

/** What the server has decided about us or the address. */
export const REFUSAL_RULES: readonly Rule<HttpCause>[] = [
  {
    name: 'asked to slow down',
    cause: 'rate_limited',
    strength: STRENGTH.decisive,
    pattern: anyOf(
      /too many requests|rate[- _]?limit(?!.{0,20}or (?:login|log in))|ratelimit|throttl|slow ?down|quota exceeded/,
      /exceeded (?:your|the) (?:current )?(?:<[^>]{0,200}>)?quota|(?:quota|limit)Exceeded|RESOURCE_EXHAUSTED|request limit|limit exceeded/,
      /requests per (?:second|minute|hour|day)|request rate|429 |\b1015\b|demasiadas solicitudes|zu viele anfragen/,
      /trop de requêtes|请求过于频繁|слишком много запросов|リクエストが多すぎ/,
    ),
    unless: /message (?:larger|length|size)|larger than max|bytes|header|redirect|size limit|too large/i,
    why: 'The words of rate limits are the same with and without the status 429.',
  },
  {
    name: 'credit is used up',
    cause: 'rate_limited',
    disposition: 'fatal',
    strength: STRENGTH.decisive + 1,
    pattern: /insufficient_quota|quota.{0,40}check your plan and billing/i,
    why: 'No wait brings credit back.',
  },
  {
    name: 'challenge of a protection against bots',
    cause: 'blocked',
    strength: STRENGTH.decisive,
    pattern: anyOf(
      /checking your browser|just a moment|please (?:wait|allow) (?:up to )?\d seconds/,
      /chk_jschl|__cf_chl|cdn-cgi\/challenge|(?:cloudflare|cf-chl|bot|captcha|js|javascript|managed) ?challenge|challenge (?:page|loop|required)/,
    ),
    unless: /tls|ssl|acme/i,
    why: 'The page in which a browser has to prove itself comes with any status, 503 too.',
  },
  {
    name: 'taken for a bot',
    cause: 'blocked',
    strength: STRENGTH.decisive,
    pattern: anyOf(
      /enable (?:js\b|javascript)|pardon our interruption|think you (?:are|were) a bot|checking your browser/,
      /verify (?:that )?you(?: are|'re) (?:a )?human|access to this page has been denied|security check/,
      /captcha|cloudflare|cf-ray|cf-chl|challenge|attention required|just a moment|unusual traffic/,
      /automated (?:access|queries|requests)|not a (?:robot|bot)|are you (?:a )?(?:human|robot)/,
      /bot (?:detect|protection)|ddos|incapsula|imperva|\bakamai\b|perimeterx|datadome|access denied/,
      />blocked<|<title>[^<]{0,40}(?:blocked|denied|forbidden)|^blocked$/,
      /access .{0,40}(?:is )?forbidden|you have been blocked/,
      /ip (?:address )?(?:has been |is |was )?(?:banned|blocked|blacklisted)|has been blocked/,
      /blocked by|blocked due|temporarily blocked|waf\b|request blocked|robots\.txt|disallowed by/,
      /geo-?(?:block|restrict)|(?:not|n't)(?: been)?(?: made)? .{0,30}available in your (?:country|region|location|area)|restricted in (?:your )?(?:region|country|location)|error code:? 10(?:0[5-9]|1[0-2]|20)\b|unavailable for legal/,
    ),
    unless:
      /unauthorized|basic|digest|bearer|mixed content|adblock|err_blocked_by_client|\b5\d\d\b|\b(?:tls|ssl)/i,
    why: 'Protections against bots name themselves in the page they send.',
  },
  {
    name: 'credentials missing or refused',
    cause: 'unauthorized',
    strength: STRENGTH.decisive,
    pattern: anyOf(
      /(?:basic|digest|bearer).{0,20}(?:denied|required|realm)|www-authenticate|unauthori[sz]ed|not authori[sz]ed|bad (?:username|password)/,
      /(?:wrong|incorrect|invalid) (?:username|password|login)|UNAUTHENTICATED|PERMISSION_DENIED/,
      /authentication (?:required|failed|error|credentials)|authorization (?:required|failed|header)/,
      /not authenticated|improper token|invalid (?:api[ _-]?key|token|access token|credentials|signature|client)/,
      /(?:token|session|api key|key|credentials?|signature) (?:has |is |was )?(?:expired|invalid|missing|revoked|required)/,
      /login required|please log ?in|jwt|bad credentials|forbidden by administrative/,
      /insufficient (?:permission|scope|privileges)|request unauthorized|no permission/,
      /permission (?:denied|to)|access token|api key|invalid_grant|proxy authentication/,
    ),
    unless:
      /Security\.Authentication\.|remote party|see inner exception|certificate|well-formed|at line|line \d|csrf token|unexpected token|cloudflare|captcha/i,
    why: 'Keys, tokens and rights are named in the answer; they stay refused until someone changes them.',
  },
  {
    name: 'address is not there',
    cause: 'not_found',
    strength: STRENGTH.specific,
    pattern: anyOf(
      /\b5 NOT_FOUND|NOT_FOUND\b|page not found|resource not found|file not found/,
      /not found on (?:this )?server|no longer exists|does not exist|NoSuchKey|NoSuchBucket/,
      /(?:user|account|channel|page|workflow|namespace|execution|activity|job|feed|item|resource).{0,60}not found/,
      /ENTITY_NOT_FOUND|WorkflowNotFoundError|NamespaceNotFound/,
    ),
    unless: /host|dns|server not found|domain|name not|refused|reset|unreachable/i,
    why: 'The server answers that it has no such thing.',
  },
  {
    name: 'proxy cannot reach its server',
    cause: 'server_error',
    strength: STRENGTH.specific,
    pattern:
      /upstream (?:connect|error|request|prematurely|timed out)|no healthy upstream|origin (?:is unreachable|dns error)|while (?:connecting to|reading .{0,40}from) upstream/i,
    why: 'The site’s own proxy answers for a server behind it.',
  },
  {
    name: 'server is in trouble',
    cause: 'server_error',
    strength: STRENGTH.likely,
    pattern: anyOf(
      /internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out/,
      /server error|upstream (?:error|request)|no healthy upstream|origin (?:is unreachable|dns error)/,
      /error occurred in the application|application error|web server is down|overloaded|temporarily unavailable|maintenance|try again later|something went wrong/,
      /\b5xx\b|not enough (?:hosts|servers|backends) to serve/,
    ),
    why: 'The other side says that it cannot answer for now.',
  },
  {
    name: 'request is refused as such',
    cause: 'other',
    disposition: 'fatal',
    strength: STRENGTH.weak,
    pattern:
      /bad request|method not allowed|not acceptable|unprocessable|precondition failed|unsupported media type|length required/i,
    why: 'The words of the statuses between 400 and 422; the same request is refused again.',
  },
  {
    name: 'something internal went wrong',
    cause: 'server_error',
    strength: STRENGTH.weak,
    pattern: /internal error|\bINTERNAL:|13 INTERNAL/i,
    why: 'Wrappers call any error of theirs internal; the reason, where printed, decides.',
  },
];
