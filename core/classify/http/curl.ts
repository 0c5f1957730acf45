import type { HttpCause } from '../../causes.js';
import type { Disposition } from '../types.js';

export interface CurlVerdict {
  readonly cause: HttpCause;
  readonly disposition?: Disposition;
}

/** Exit codes of curl. Those with two meanings (22, 35, 56, 92) are only a last resort: their text decides. */
const BY_CURL_CODE: Readonly<Record<number, CurlVerdict>> = {
  1: { cause: 'invalid_url' },
  2: { cause: 'other', disposition: 'fatal' },
  3: { cause: 'invalid_url' },
  4: { cause: 'other', disposition: 'fatal' },
  5: { cause: 'dns_not_found' },
  6: { cause: 'dns_not_found' },
  7: { cause: 'network_disconnect' },
  8: { cause: 'parse_error' },
  16: { cause: 'network_disconnect' },
  18: { cause: 'network_disconnect' },
  23: { cause: 'other', disposition: 'fatal' },
  26: { cause: 'other', disposition: 'fatal' },
  27: { cause: 'other', disposition: 'transient' },
  28: { cause: 'timeout' },
  35: { cause: 'tls' },
  43: { cause: 'other', disposition: 'fatal' },
  47: { cause: 'invalid_url' },
  48: { cause: 'other', disposition: 'fatal' },
  51: { cause: 'tls' },
  52: { cause: 'network_disconnect' },
  53: { cause: 'tls' },
  54: { cause: 'tls' },
  55: { cause: 'network_disconnect' },
  56: { cause: 'network_disconnect' },
  58: { cause: 'tls' },
  59: { cause: 'tls' },
  60: { cause: 'tls' },
  61: { cause: 'unsupported_encoding' },
  63: { cause: 'too_large' },
  67: { cause: 'unauthorized' },
  77: { cause: 'tls' },
  78: { cause: 'not_found' },
  80: { cause: 'tls' },
  83: { cause: 'tls' },
  90: { cause: 'tls' },
  91: { cause: 'tls' },
  92: { cause: 'network_disconnect' },
  95: { cause: 'network_disconnect' },
  96: { cause: 'network_disconnect' },
};

const CURL_CODE =
  /curl(?: error|e)?[\s:]{0,3}\(?(\d{1,2})\)?|curl.{0,30}(?:errno|code|status)[\s:=]{1,3}(\d{1,2})\b/i;

/** The verdict over the curl code in a message, or null when there is none. */
export function causeOfCurlCode(message: string): CurlVerdict | null {
  const found = CURL_CODE.exec(message);
  return found === null ? null : (BY_CURL_CODE[Number(found[1] ?? found[2])] ?? null);
}
