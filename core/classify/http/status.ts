import type { HttpCause } from '../../causes.js';
import type { Disposition } from '../types.js';

export interface StatusVerdict {
  readonly cause: HttpCause;
  /** Only where it differs from the class of the cause. */
  readonly disposition?: Disposition;
}

const BY_STATUS: Readonly<Record<number, StatusVerdict>> = {
  204: { cause: 'not_live' },
  400: { cause: 'other', disposition: 'fatal' },
  401: { cause: 'unauthorized' },
  402: { cause: 'unauthorized' },
  403: { cause: 'blocked' },
  404: { cause: 'not_found' },
  407: { cause: 'unauthorized' },
  408: { cause: 'timeout' },
  410: { cause: 'not_found' },
  413: { cause: 'too_large' },
  414: { cause: 'too_large' },
  415: { cause: 'unsupported_encoding' },
  418: { cause: 'blocked' },
  420: { cause: 'rate_limited' },
  421: { cause: 'network_disconnect' },
  423: { cause: 'other', disposition: 'transient' },
  425: { cause: 'other', disposition: 'transient' },
  429: { cause: 'rate_limited' },
  430: { cause: 'rate_limited' },
  431: { cause: 'too_large' },
  444: { cause: 'network_disconnect' },
  451: { cause: 'blocked' },
  460: { cause: 'network_disconnect' },
  498: { cause: 'unauthorized' },
  499: { cause: 'network_disconnect' },
  511: { cause: 'unauthorized' },
  525: { cause: 'tls' },
  526: { cause: 'tls' },
  598: { cause: 'timeout' },
  599: { cause: 'timeout' },
  999: { cause: 'blocked' },
};

/** The cause of an HTTP status that is an error, or null for one that is none. */
export function causeOfStatus(status: number): StatusVerdict | null {
  const known = BY_STATUS[status];
  if (known !== undefined) {
    return known;
  }
  if (status >= 500 && status <= 599) {
    return { cause: 'server_error' };
  }
  return status >= 400 && status <= 499 ? { cause: 'other', disposition: 'fatal' } : null;
}

/** Ways in which libraries write a status into a message. A bare number is none. */
const STATUS_PATTERNS: readonly RegExp[] = [
  /(?:status(?:[ _-]?code)?|http (?:status )?code|status error|http response code|http(?:\/\d(?:\.\d)?)?|http ?error|httperror|response(?: code)?|returned error|returned|responded(?: with)?(?: a| an)?|server response|got|error|respuesta|código|codigo|statuscode|\bcode|(?:code|status) is|état|ошибка|状态码|ステータス)[\s:=('"[,]{1,4}(?:http )?(?:status )?(?:code )?(?:of )?([1-9]\d\d)(?![\d-]|[.:]\d|\s?(?:ms|bytes|seconds|characters|chars|kb|items|s\b))/gi,
  /\b([45]\d\d)\b[\s:,.("'-]{1,3}(?:client\s?error|server\s?error|unauthori[sz]ed|forbidden|not\s?found|gone|too\s?many\s?requests|request\s?time-?out|internal\s?server\s?error|bad\s?gateway|service\s?(?:temporarily\s?)?unavailable|gateway\s?time-?out|bad\s?request|proxy\s?authentication|unavailable\s?for\s?legal|method\s?not\s?allowed|payment\s?required|conflict|payload\s?too\s?large|request\s?entity\s?too\s?large|not\s?acceptable|unsupported\s?media|unprocessable|misdirected|unknown\s?error|web\s?server)/gi,
  /^\W{0,3}([45]\d\d)\W{0,3}$/g,
  /error code:? (5\d\d)\b/gi,
  /\b([45]\d\d) (?:http )?(?:error )?(?:responses?|status)\b|\(([45]\d\d)\)\W{0,3}$/gi,
  /(?:fehler|erreur|error|errore|erro|ошибк|错误|エラー)[^\d]{0,40}\(([45]\d\d)\)/gi,
  /^(?:\w{2,12}:? )?([45]\d\d)(?=[\s:]\D)(?! (?:can't|read timeout|write failed|status read|line too long|server closed|ssl |net::))/gi,
];

/** aiohttp puts this status on answers that it cannot read. */
const MADE_UP = /\b400, message=(?!.?Bad Request)/g;

/** Every HTTP status that a message speaks of. */
export function statusesIn(message: string): number[] {
  return STATUS_PATTERNS.flatMap((pattern) =>
    [...message.replace(MADE_UP, '').matchAll(pattern)].map(([, first, second]) => Number(first ?? second)),
  );
}
