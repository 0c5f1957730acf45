import { looksLikeTransportStream } from '../media/ts-packet.js';

export type DetectedFormat = 'hls' | 'flv' | 'mpegts' | 'unknown';

const BY_CONTENT_TYPE: readonly (readonly [RegExp, DetectedFormat])[] = [
  [/mpegurl/i, 'hls'],
  [/\bvideo\/(x-)?flv\b/i, 'flv'],
  [/\bvideo\/(mp2t|mpeg2-ts|vnd\.dlna\.mpeg-tts)\b/i, 'mpegts'],
];

const BY_EXTENSION: Readonly<Record<string, DetectedFormat>> = {
  m3u8: 'hls',
  flv: 'flv',
  ts: 'mpegts',
  m2ts: 'mpegts',
};

/** What an address promises by its extension. */
export function formatOfPath(pathname: string): DetectedFormat {
  const extension = /\.([a-z0-9]+)$/i.exec(pathname)?.[1]?.toLowerCase() ?? '';
  return BY_EXTENSION[extension] ?? 'unknown';
}

/** What an answer promises by its content type. */
export function formatOfContentType(contentType: string | null): DetectedFormat {
  if (contentType === null) return 'unknown';
  return BY_CONTENT_TYPE.find(([pattern]) => pattern.test(contentType))?.[1] ?? 'unknown';
}

/** What the first bytes of an answer are. */
export function formatOfBytes(bytes: Buffer): DetectedFormat {
  if (bytes.subarray(0, 3).toString('latin1') === 'FLV') return 'flv';
  if (/^(\xef\xbb\xbf)?#EXTM3U/.test(bytes.subarray(0, 10).toString('latin1'))) return 'hls';
  return looksLikeTransportStream(bytes) ? 'mpegts' : 'unknown';
}
