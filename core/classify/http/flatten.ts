/** What can be read from an error value of any library, gathered from it and from everything it wraps. */
export interface HttpErrorFacts {
  /** Class names: `TypeError`, `ReadTimeout`, ... */
  readonly names: readonly string[];
  /** Codes as given: `ECONNRESET`, `UND_ERR_SOCKET`, `ERR_NETWORK`, `CURLE_...`, ... */
  readonly codes: readonly string[];
  /** HTTP statuses that the error carries as a field. */
  readonly statuses: readonly number[];
  /** System error numbers that the error carries as a field. */
  readonly errnos: readonly number[];
  /** Messages, outermost first, with quotes made plain. */
  readonly messages: readonly string[];
  /** Class name and message of one error together, for names that mean something only with their message. */
  readonly headlines: readonly string[];
}

/** Wrapped errors are followed this far; loops end here too. */
const MAX_VALUES = 64;
/** No message says anything decisive after this. */
const MESSAGE_CHARACTERS = 4_000;

/** Lines of a stack trace: their functions and files are anybody's words. */
const STACK_FRAME = /\n\s{0,16}(?:at |\.{3} \d+ more|File ")[^\n]{0,500}/g;

/** Settings of the request, which axios and Node print with an error; a limit that is set is none that was met. */
const PRINTED_SETTINGS = /\bconfig: \{[\s\S]{0,4000}?(?=\bresponse: \{|$)/;

/** The only thing a stack tells beyond the message: that a timer destroyed the request. */
const TIMER_FRAME = /\bon\w{0,20}Timeout\b/g;

const WRAPPING_FIELDS = [
  'cause',
  'errors',
  'error',
  'originalError',
  'reason',
  'response',
  'context',
  'details',
  'exception',
  'inner',
  'failure',
  'source',
  'data',
  'body',
  'timeoutFailureInfo',
  'applicationFailureInfo',
  'extra',
] as const;
const NAME_FIELDS = ['name', 'type', 'class', 'exception'] as const;
const CODE_FIELDS = ['code', 'errno', 'rawType', 'errorCode'] as const;
const TEXT_FIELDS = [
  'message',
  'statusText',
  'details',
  'reason',
  'description',
  'detail',
  'type',
  'data',
  'body',
  'error',
  'stderr',
  'title',
  'statusMessage',
  'text',
  'responseText',
  'error_description',
  'code_description',
  'timeoutType',
  'cause',
] as const;
const STATUS_FIELDS = ['status', 'statusCode', 'status_code', 'httpStatus', 'responseCode'] as const;

interface Gathered {
  names: string[];
  codes: string[];
  statuses: number[];
  errnos: number[];
  messages: string[];
  headlines: string[];
}

function plain(text: string): string {
  return text
    .slice(0, MESSAGE_CHARACTERS)
    .replace(STACK_FRAME, '')
    .replace(PRINTED_SETTINGS, '')
    .replace(/[\u2018\u2019\u201A\u2032\u00B4`]/g, "'")
    .replace(/[\u201C\u201D\u201E\u00AB\u00BB]/g, '"')
    .normalize('NFC');
}

function asStatus(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 100 && number <= 999
    ? number
    : null;
}

/** Reads a field of a foreign value, whose getters may throw. */
function fieldOf(value: object, field: string): unknown {
  try {
    return (value as Readonly<Record<string, unknown>>)[field];
  } catch {
    return undefined;
  }
}

function gatherCode(code: unknown, isErrno: boolean, into: Gathered): void {
  if (typeof code === 'string') {
    into.codes.push(code);
  } else if (typeof code === 'number' && isErrno) {
    into.errnos.push(code);
  } else if (typeof code === 'number') {
    into.codes.push(String(code));
  }
}

function gatherFields(value: object, into: Gathered): void {
  const strings = (fields: readonly string[]): string[] =>
    fields.map((field) => fieldOf(value, field)).filter((text) => typeof text === 'string');
  const names = strings(NAME_FIELDS);
  const [message] = strings(['message']);
  into.names.push(...names);
  if (names[0] !== undefined && message !== undefined) {
    into.headlines.push(plain(`${names[0]}: ${message}`));
  }
  for (const field of CODE_FIELDS) {
    gatherCode(fieldOf(value, field), field === 'errno', into);
  }
  into.statuses.push(...STATUS_FIELDS.flatMap((field) => asStatus(fieldOf(value, field)) ?? []));
  const [stack = ''] = strings(['stack']);
  into.messages.push(...(stack.slice(0, MESSAGE_CHARACTERS).match(TIMER_FRAME) ?? []));
  into.messages.push(...strings(TEXT_FIELDS).map(plain));
}

function wrappedBy(value: object): unknown[] {
  return WRAPPING_FIELDS.flatMap((field) => {
    const inner = fieldOf(value, field);
    return Array.isArray(inner) ? inner.slice(0, MAX_VALUES) : typeof inner === 'object' ? [inner] : [];
  });
}

/** Follows `cause`, `errors`, `response` and their like, breadth first, and gathers what is known. Never throws. */
export function flattenHttpError(error: unknown): HttpErrorFacts {
  const gathered: Gathered = { names: [], codes: [], statuses: [], errnos: [], messages: [], headlines: [] };
  const queue: unknown[] = [error];
  for (let index = 0; index < queue.length && index < MAX_VALUES; index += 1) {
    const value = queue[index];
    if (typeof value === 'string') {
      gathered.messages.push(plain(value));
    } else if (typeof value === 'object' && value !== null) {
      gatherFields(value, gathered);
      queue.push(...wrappedBy(value));
    }
  }
  return gathered;
}
