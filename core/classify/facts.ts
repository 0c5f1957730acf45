import type { MediaCause } from '../causes.js';
import type { Evidence } from '../evidence.js';
import { errnoOfCode } from './errno.js';
import { classifyHttp } from './http/classify-http.js';
import { dispositionOfCause } from './media-text.js';
import type { Classification } from './types.js';
import type { HttpCause } from '../causes.js';

/** Looks at one kind of fact; null when it says nothing. */
export type FactStep = (evidence: Evidence) => Classification | null;

/** A verdict that rests on a fact. */
export function known(cause: MediaCause, detail: string, rule: string): Classification {
  return { cause, disposition: dispositionOfCause(cause), detail, rule };
}

/** We asked for it: nothing has failed, whatever was printed on the way out. */
export const ownStop: FactStep = ({ stopRequested }) =>
  stopRequested === true
    ? { cause: 'benign', disposition: 'benign', detail: 'stop requested', rule: 'own stop' }
    : null;

export const endOfShow: FactStep = ({ sourceEnded }) =>
  sourceEnded === true ? known('not_live', 'the source said that it is over', 'source ended') : null;

/** A disk without room explains every error after it. */
export const storage: FactStep = ({ freeBytes, writable, text }) => {
  if (freeBytes === 0) {
    return known('storage_full', 'no bytes are free for the recording', 'free bytes');
  }
  return writable === false
    ? known('read_only_storage', `the path cannot be written${whyInWords(text)}`, 'writable')
    : null;
};

/** What the system said, where it said nothing else; a whole log explains nothing. */
function whyInWords(text = ''): string {
  const words = text.trim();
  return words === '' || words.includes('\n') ? '' : `: ${words}`;
}

const CAUSE_OF_SPAWN_ERROR: Readonly<Record<string, MediaCause>> = {
  ENOENT: 'invalid_pipeline',
  ENOTDIR: 'invalid_pipeline',
  ENOEXEC: 'invalid_pipeline',
  E2BIG: 'invalid_pipeline',
  EACCES: 'permission_denied',
  EPERM: 'permission_denied',
  ENOSPC: 'storage_full',
  EROFS: 'read_only_storage',
  ENOMEM: 'encoder_hiccup',
  EAGAIN: 'encoder_hiccup',
};

/** The program never ran. */
export const spawnError: FactStep = ({ spawnErrorCode }) => {
  if (spawnErrorCode === undefined) {
    return null;
  }
  const detail =
    spawnErrorCode === 'ENOENT'
      ? 'program not found'
      : `the program could not be started (${spawnErrorCode})`;
  return known(CAUSE_OF_SPAWN_ERROR[spawnErrorCode] ?? 'unknown', detail, 'spawn error');
};

/** Roles for which a missing capture device explains nothing. */
const ROLES_WITHOUT_DEVICE: ReadonlySet<string> = new Set(['output', 'storage', 'encoder']);

/** A lost signal and a missing device also look like a stall, so they are asked first; the probe knows best. */
export const device: FactStep = ({ signalPresent, deviceExists, role }) => {
  if (signalPresent === false) {
    return known('signal_lost', 'the probe sees no signal', 'signal probe');
  }
  return deviceExists === false && !ROLES_WITHOUT_DEVICE.has(role ?? '')
    ? known('device_not_found', 'the capture device is not there', 'device node')
    : null;
};

/** The process was alive and we ended it: the signal it died of was ours and what it printed it had survived. */
export const stall: FactStep = ({ stalledForMs }) =>
  stalledForMs === undefined || stalledForMs <= 0
    ? null
    : known('stream_timeout', `no progress for ${Math.round(stalledForMs / 1000)} s`, 'stall');

/** Statuses with which a server says that this address will not work again. */
const REFUSED_ADDRESS_STATUSES: ReadonlySet<number> = new Set([401, 403, 404, 410]);

export const mediaStatus: FactStep = ({ httpStatus }) => {
  if (httpStatus === undefined || httpStatus < 400) {
    return null;
  }
  const cause = REFUSED_ADDRESS_STATUSES.has(httpStatus) ? 'url_expired' : 'http_error';
  return known(cause, `HTTP status ${httpStatus}`, 'HTTP status');
};

const MEDIA_CAUSE_OF_HTTP_CAUSE: Readonly<Record<HttpCause, MediaCause>> = {
  network_disconnect: 'network_disconnect',
  timeout: 'stream_timeout',
  dns_temporary: 'network_disconnect',
  dns_not_found: 'network_disconnect',
  rate_limited: 'http_error',
  server_error: 'http_error',
  blocked: 'url_expired',
  unauthorized: 'url_expired',
  not_found: 'url_expired',
  tls: 'http_error',
  invalid_url: 'invalid_pipeline',
  parse_error: 'http_error',
  too_large: 'http_error',
  unsupported_encoding: 'http_error',
  not_live: 'not_live',
  other: 'http_error',
};

const MEDIA_CAUSE_OF_LOCAL_ERROR: Readonly<Record<string, MediaCause>> = {
  ENOSPC: 'storage_full',
  EDQUOT: 'storage_full',
  EROFS: 'read_only_storage',
  EACCES: 'permission_denied',
  EPERM: 'permission_denied',
  ENOMEM: 'encoder_hiccup',
};

/** The error code of our own reader: the same rules as for a fetch, in the words of media. */
export const readerError: FactStep = ({ errorCode }) => {
  if (errorCode === undefined || errorCode === '') {
    return null;
  }
  const local = MEDIA_CAUSE_OF_LOCAL_ERROR[errnoOfCode(errorCode) ?? ''];
  const cause = local ?? MEDIA_CAUSE_OF_HTTP_CAUSE[classifyHttp({ code: errorCode }).cause];
  return known(cause, `the reader failed with ${errorCode}`, 'reader error');
};

export const endOfTransfer: FactStep = ({ endOfStream }) =>
  endOfStream === true
    ? known('network_disconnect', 'the other side ended the transfer', 'end of transfer')
    : null;
