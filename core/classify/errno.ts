import { ERRNO_TEXTS } from './errno-texts/index.js';

/** Linux numbers, and the Winsock and libuv numbers of the same errors. macOS numbers overlap with Linux ones and are left out. */
const ERRNO_NUMBERS: Readonly<Record<number, string>> = {
  2: 'ENOENT',
  5: 'EIO',
  6: 'ENXIO',
  9: 'EBADF',
  11: 'EAGAIN',
  12: 'ENOMEM',
  13: 'EACCES',
  16: 'EBUSY',
  19: 'ENODEV',
  22: 'EINVAL',
  23: 'EMFILE',
  24: 'EMFILE',
  25: 'ENOTTY',
  27: 'EFBIG',
  28: 'ENOSPC',
  30: 'EROFS',
  32: 'EPIPE',
  34: 'ERANGE',
  37: 'ENOLCK',
  38: 'ENOSYS',
  61: 'ENODATA',
  62: 'ETIME',
  67: 'ENOLINK',
  71: 'EPROTO',
  75: 'EOVERFLOW',
  77: 'EBADFD',
  84: 'EILSEQ',
  86: 'ESTRPIPE',
  90: 'EMSGSIZE',
  95: 'EOPNOTSUPP',
  98: 'EADDRINUSE',
  99: 'EADDRNOTAVAIL',
  100: 'ENETDOWN',
  101: 'ENETUNREACH',
  102: 'ENETRESET',
  103: 'ECONNABORTED',
  104: 'ECONNRESET',
  107: 'ENOTCONN',
  108: 'ESHUTDOWN',
  110: 'ETIMEDOUT',
  111: 'ECONNREFUSED',
  112: 'EHOSTDOWN',
  113: 'EHOSTUNREACH',
  116: 'ESTALE',
  121: 'EREMOTEIO',
  122: 'EDQUOT',
  10013: 'EACCES',
  10038: 'ENOTCONN',
  10048: 'EADDRINUSE',
  10049: 'EADDRNOTAVAIL',
  10050: 'ENETDOWN',
  10051: 'ENETUNREACH',
  10052: 'ENETRESET',
  10053: 'ECONNABORTED',
  10054: 'ECONNRESET',
  10057: 'ENOTCONN',
  10058: 'ESHUTDOWN',
  10060: 'ETIMEDOUT',
  10061: 'ECONNREFUSED',
  10064: 'EHOSTDOWN',
  10065: 'EHOSTUNREACH',
  11001: 'EAI_NONAME',
  11002: 'EAI_AGAIN',
  11004: 'EAI_NONAME',
  11003: 'EAI_AGAIN',
  3001: 'EAI_AGAIN',
  3004: 'EAI_AGAIN',
  3008: 'EAI_NONAME',
  4039: 'ETIMEDOUT',
  4047: 'EPIPE',
  4062: 'ENETUNREACH',
  4073: 'EHOSTUNREACH',
  4077: 'ECONNRESET',
  4078: 'ECONNREFUSED',
  4079: 'ECONNABORTED',
};

/** What ffmpeg on Windows has no words for, it tells by the number of the C library there, which is another one than that of Linux. */
const C_RUNTIME_NUMBERS: Readonly<Record<number, string>> = {
  100: 'EADDRINUSE',
  101: 'EADDRNOTAVAIL',
  106: 'ECONNABORTED',
  107: 'ECONNREFUSED',
  108: 'ECONNRESET',
  110: 'EHOSTUNREACH',
  116: 'ENETDOWN',
  117: 'ENETRESET',
  118: 'ENETUNREACH',
  126: 'ENOTCONN',
  138: 'ETIMEDOUT',
};
const C_RUNTIME_NUMBER = /\berror number -(1\d\d) occurred/gi;

/** Names as they occur in texts, where the same error has more than one. */
const ERRNO_ALIASES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'EAI_NONAME',
  EWOULDBLOCK: 'EAGAIN',
  ENFILE: 'EMFILE',
  ENOTSUP: 'EOPNOTSUPP',
  EAI_NODATA: 'EAI_NONAME',
  EAI_FAIL: 'EAI_AGAIN',
};

const WRITTEN_NAME = /\b(?:WSA)?(E(?:AI_)?[A-Z]{2,14})\b/g;
/** GStreamer numbers the ways in which a stream stops (-5 is any error); they are no system errors. */
const FLOW_RETURN = /reason [\w-]{2,20} \(-\d{1,3}\)/gi;

/** A number counts only where the text says that it is a system error, or where it is negative as in the kernel. */
const WRITTEN_NUMBER =
  /(?:errno|os error|sockerror\(\)|socket error|send error|recv error|system error|error number|error code|winerror|socket(?:exception)?\.?)[\s:=(\]]{0,4}-?(\d{1,5})\b|(?:error|err|ret|rc|returned|failed|code|status|result|with)[\s:=(]{0,4}-(\d{1,5})\b|[(:=]\s?-(\d{1,5})[).,]{0,2}(?:$|\s(?![<>=*/+-]))|\berror[\s:=(]{1,3}-?(10\d{3})\b/gi;

const TEXTS: readonly (readonly [string, string])[] = Object.entries(ERRNO_TEXTS).flatMap(([name, texts]) =>
  texts.map((text) => [text, name] as const),
);

/** True for a name the table knows, e.g. `ECONNRESET`. */
function isKnown(name: string): boolean {
  return Object.hasOwn(ERRNO_TEXTS, name);
}

/** The one name under which the rules know an error code, or null. */
export function errnoOfCode(code: string): string | null {
  const bare = code.toUpperCase().replace(/^WSA/, '');
  const name = Object.hasOwn(ERRNO_ALIASES, bare) ? ERRNO_ALIASES[bare] : bare;
  return name !== undefined && isKnown(name) ? name : null;
}

/** The name of a system error number of either sign, or null. */
export function errnoOfNumber(number: number): string | null {
  return ERRNO_NUMBERS[Math.abs(number)] ?? null;
}

/** Every system error a line speaks of: by name, by number or by its text in any known language. */
export function errnosIn(line: string): Set<string> {
  const found = new Set<string>();
  for (const [, written] of line.matchAll(WRITTEN_NAME)) {
    const name = errnoOfCode(written ?? '');
    if (name !== null) {
      found.add(name);
    }
  }
  for (const [, number] of line.matchAll(C_RUNTIME_NUMBER)) {
    const name = C_RUNTIME_NUMBERS[Number(number)];
    if (name !== undefined) {
      found.add(name);
    }
  }
  const rest = line.replace(FLOW_RETURN, '').replace(C_RUNTIME_NUMBER, '');
  for (const [, named, negative, bare, winsock] of rest.matchAll(WRITTEN_NUMBER)) {
    const name = errnoOfNumber(Number(named ?? negative ?? bare ?? winsock));
    if (name !== null) {
      found.add(name);
    }
  }
  const lowered = line.toLowerCase();
  for (const [text, name] of TEXTS) {
    if (lowered.includes(text)) {
      found.add(name);
    }
  }
  return found;
}
