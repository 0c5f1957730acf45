import { ReaderFailure } from '../reader-failure.js';
import { parseAttributes } from './attributes.js';
import { parseMediaPlaylist, resolveUrl, type MediaPlaylist } from './media-playlist.js';

/** One rendition of the whole show. */
export interface Variant {
  readonly url: string;
  readonly bandwidth: number;
  /** False only when the playlist says that there is no picture. */
  readonly hasVideo: boolean;
  /** The sound is a playlist of its own. */
  readonly hasSeparateAudio: boolean;
}

export interface MasterPlaylist {
  readonly kind: 'master';
  readonly variants: readonly Variant[];
}

/** Codec names that are pictures. */
const VIDEO_CODECS = /\b(avc|hvc|hev|av01|vp0?[89]|dvh|mp4v|theora)/i;

/** Reads a playlist. Throws a `ReaderFailure` when the text is none. */
export function parsePlaylist(text: string, url: string): MasterPlaylist | MediaPlaylist {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim());
  if (lines[0] !== '#EXTM3U') {
    throw new ReaderFailure('the answer is not an HLS playlist', { errorCode: 'ERR_NOT_A_PLAYLIST' });
  }
  const isMaster = lines.some((line) => line.startsWith('#EXT-X-STREAM-INF:'));
  return isMaster ? parseMaster(lines, url) : parseMediaPlaylist(lines, url);
}

/** The variant to record: a picture before sound only, then the highest bandwidth. */
export function chooseVariant(master: MasterPlaylist): Variant {
  const [best] = [...master.variants].sort(
    (left, right) => Number(right.hasVideo) - Number(left.hasVideo) || right.bandwidth - left.bandwidth,
  );
  if (best !== undefined) return best;
  throw new ReaderFailure('the playlist lists no variant', { errorCode: 'ERR_NO_VARIANT' });
}

function parseMaster(lines: readonly string[], baseUrl: string): MasterPlaylist {
  const separateAudioGroups = new Set(
    lines
      .filter((line) => line.startsWith('#EXT-X-MEDIA:'))
      .map((line) => parseAttributes(line))
      .filter((media) => media.get('TYPE') === 'AUDIO' && media.has('URI'))
      .map((media) => media.get('GROUP-ID')),
  );
  const variants: Variant[] = [];
  let pending: ReadonlyMap<string, string> | null = null;
  for (const line of lines) {
    if (line.startsWith('#EXT-X-STREAM-INF:')) pending = parseAttributes(line);
    if (pending === null || line === '' || line.startsWith('#')) continue;
    const url = resolveUrl(line, baseUrl);
    if (url !== null) variants.push(variantOf(pending, url, separateAudioGroups));
    pending = null;
  }
  return { kind: 'master', variants };
}

function variantOf(
  attributes: ReadonlyMap<string, string>,
  url: string,
  separateAudioGroups: ReadonlySet<string | undefined>,
): Variant {
  const codecs = attributes.get('CODECS');
  const hasVideo = attributes.has('RESOLUTION') || codecs === undefined || VIDEO_CODECS.test(codecs);
  const audioGroup = attributes.get('AUDIO');
  return {
    url,
    bandwidth: Number(attributes.get('BANDWIDTH') ?? 0) || 0,
    hasVideo,
    hasSeparateAudio: audioGroup !== undefined && separateAudioGroups.has(audioGroup),
  };
}
