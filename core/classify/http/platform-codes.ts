import type { StatusVerdict } from './status.js';

/** Numbers in which one platform tells what went wrong with a transfer. */
interface PlatformCodes {
  /** Finds the codes of the platform; the first group that matched is the code. */
  readonly written: RegExp;
  readonly verdicts: Readonly<Record<string, StatusVerdict>>;
}

const DISCONNECTED: StatusVerdict = { cause: 'network_disconnect' };
const TIMED_OUT: StatusVerdict = { cause: 'timeout' };
const NO_NAME: StatusVerdict = { cause: 'dns_not_found' };
const TLS: StatusVerdict = { cause: 'tls' };
const BAD_ADDRESS: StatusVerdict = { cause: 'invalid_url' };
const UNREADABLE: StatusVerdict = { cause: 'parse_error' };
const UNAUTHORIZED: StatusVerdict = { cause: 'unauthorized' };
const NOT_FOUND: StatusVerdict = { cause: 'not_found' };
const STOPPED: StatusVerdict = { cause: 'other', disposition: 'transient' };
const OURS: StatusVerdict = { cause: 'other', disposition: 'fatal' };

/** NSURLErrorDomain of Apple's systems; CFNetwork has the same numbers. */
const APPLE: PlatformCodes = {
  written:
    /(?:NSURL|CFNetwork|kCFErrorDomain|NSURLError).{0,80}?(?:code|error)[\s=:(-]{0,3}(-\d{3,4})\b|(?:error|code)[\s=:]{1,3}(-1[0-2]\d\d)\b/i,
  verdicts: {
    '-999': STOPPED,
    '-1000': BAD_ADDRESS,
    '-1001': TIMED_OUT,
    '-1002': BAD_ADDRESS,
    '-1003': NO_NAME,
    '-1004': DISCONNECTED,
    '-1005': DISCONNECTED,
    '-1006': NO_NAME,
    '-1007': BAD_ADDRESS,
    '-1008': NOT_FOUND,
    '-1009': DISCONNECTED,
    '-1010': BAD_ADDRESS,
    '-1011': { cause: 'server_error' },
    '-1012': UNAUTHORIZED,
    '-1013': UNAUTHORIZED,
    '-1014': DISCONNECTED,
    '-1015': { cause: 'unsupported_encoding' },
    '-1016': { cause: 'unsupported_encoding' },
    '-1017': UNREADABLE,
    '-1022': TLS,
    '-1100': NOT_FOUND,
    '-1103': { cause: 'too_large' },
    '-1200': TLS,
    '-1201': TLS,
    '-1202': TLS,
    '-1203': TLS,
    '-1204': TLS,
    '-1205': TLS,
    '-1206': TLS,
  },
};

/** WinINet and WinHTTP; as an HRESULT the number follows 0x8007 in hexadecimal. */
const WINDOWS: PlatformCodes = {
  written: /(?<![\d.-])(12\d{3})(?![\d.:-])/,
  verdicts: {
    '12002': TIMED_OUT,
    '12005': BAD_ADDRESS,
    '12006': BAD_ADDRESS,
    '12007': NO_NAME,
    '12017': STOPPED,
    '12029': DISCONNECTED,
    '12030': DISCONNECTED,
    '12031': DISCONNECTED,
    '12037': TLS,
    '12038': TLS,
    '12044': TLS,
    '12045': TLS,
    '12057': TLS,
    '12152': UNREADABLE,
    '12156': BAD_ADDRESS,
    '12157': TLS,
    '12163': DISCONNECTED,
    '12169': TLS,
    '12170': TLS,
    '12175': TLS,
  },
};
const SPEAKS_OF_WINDOWS = /WinHttp|WinINet|ERROR_INTERNET|ERROR_WINHTTP/i;
const HRESULT = /0x8007(2[ef][0-9a-f]{2})\b/i;

/** The status with which wget ends; 8 says only that the server answered with an error. */
const WGET: PlatformCodes = {
  written:
    /\bwget\b.{0,40}(?:exit(?:ed)?(?: with)?(?: code| status)?|error|status|code|returned)[\s:=(]{1,3}([1-7])\b/i,
  verdicts: { '2': OURS, '3': OURS, '4': DISCONNECTED, '5': TLS, '6': UNAUTHORIZED, '7': DISCONNECTED },
};

/** QNetworkReply of Qt, WebExceptionStatus and HttpRequestError of .NET. Their proxies have the same names after `Proxy`. */
const VERDICTS_BY_NAME: Readonly<Record<string, StatusVerdict>> = {
  HostNotFoundError: NO_NAME,
  NameResolutionFailure: NO_NAME,
  NameResolutionError: NO_NAME,
  RemoteHostClosedError: DISCONNECTED,
  TemporaryNetworkFailureError: DISCONNECTED,
  NetworkSessionFailedError: DISCONNECTED,
  UnknownNetworkError: DISCONNECTED,
  SslHandshakeFailedError: TLS,
  ContentNotFoundError: NOT_FOUND,
  ContentGoneError: NOT_FOUND,
  ContentAccessDenied: { cause: 'blocked' },
  AuthenticationRequiredError: UNAUTHORIZED,
  ProtocolUnknownError: BAD_ADDRESS,
  ConnectFailure: DISCONNECTED,
  ReceiveFailure: DISCONNECTED,
  SendFailure: DISCONNECTED,
  PipelineFailure: DISCONNECTED,
  KeepAliveFailure: DISCONNECTED,
  ResponseEnded: DISCONNECTED,
  TrustFailure: TLS,
  SecureChannelFailure: TLS,
  SecureConnectionError: TLS,
  ServerProtocolViolation: UNREADABLE,
};
const NAME = /\b(?:Proxy)?([A-Z][a-z]\w{7,40})\b/g;

function verdictByName(message: string): StatusVerdict | undefined {
  for (const [, name = ''] of message.matchAll(NAME)) {
    if (Object.hasOwn(VERDICTS_BY_NAME, name)) {
      return VERDICTS_BY_NAME[name];
    }
  }
  return undefined;
}

function verdictByNumber({ written, verdicts }: PlatformCodes, message: string): StatusVerdict | undefined {
  const found = written.exec(message);
  return verdicts[found?.[1] ?? found?.[2] ?? ''];
}

function windowsVerdict(message: string): StatusVerdict | undefined {
  const hresult = HRESULT.exec(message)?.[1];
  if (hresult !== undefined) {
    return WINDOWS.verdicts[String(Number.parseInt(hresult, 16))];
  }
  return SPEAKS_OF_WINDOWS.test(message) ? verdictByNumber(WINDOWS, message) : undefined;
}

/** The verdict over the code of a platform in a message, or null when there is none. */
export function causeOfPlatformCode(message: string): StatusVerdict | null {
  return (
    verdictByNumber(APPLE, message) ??
    windowsVerdict(message) ??
    verdictByNumber(WGET, message) ??
    verdictByName(message) ??
    null
  );
}
