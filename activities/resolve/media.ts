import type { MediaSource } from '../../core/run.js';
import { neutraliseReferences } from '../secrets/index.js';

const ENDINGS: readonly (readonly [RegExp, NonNullable<MediaSource['format']>])[] = [
  [/\.m3u8?$/i, 'hls'],
  [/\.flv$/i, 'flv'],
  [/\.(ts|m2ts|mpegts)$/i, 'mpegts'],
];

/** Longest address that is passed on: it travels through history. */
const URL_LENGTH_MAX = 8_192;

/**
 * Headers that must not travel through history (credentials) or that belong to one connection and would be wrong on
 * another.
 */
const HEADERS_NOT_PASSED_ON = new Set([
  'authorization',
  'cookie',
  'proxy-authorization',
  'host',
  'connection',
  'content-length',
  'accept-encoding',
  'transfer-encoding',
]);

/** What an address is likely to deliver, by its ending; `auto` when that says nothing. */
export function mediaFormat(url: string): NonNullable<MediaSource['format']> {
  const path = URL.canParse(url) ? new URL(url).pathname : (url.split(/[?#]/, 1)[0] ?? '');
  return ENDINGS.find(([ending]) => ending.test(path))?.[1] ?? 'auto';
}

/** True for anything with a scheme and a length that can be handed on. */
export function isMediaUrl(text: string): boolean {
  return text.length <= URL_LENGTH_MAX && /^[a-z][a-z0-9+.-]*:\/\/[^\s]+$/i.test(text);
}

/** Media as a site or a program named it: nothing in it is expanded on the host, and no credentials go along. */
export function foreignMedia(
  url: string,
  headers?: Readonly<Record<string, unknown>>,
  format: NonNullable<MediaSource['format']> = mediaFormat(url),
): MediaSource {
  const kept = Object.entries(headers ?? {}).filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' &&
      !HEADERS_NOT_PASSED_ON.has(entry[0].toLowerCase()) &&
      !/[\r\n]|\$\{env:/.test(entry[0] + entry[1]),
  );
  return {
    url: neutraliseReferences(url),
    format,
    ...(kept.length === 0 ? {} : { headers: Object.fromEntries(kept) }),
  };
}
