import { isMediaUrl } from '../media.js';
import { asObject, at, parseObject, textAt } from './json.js';

/** One address of a show. */
export interface Candidate {
  readonly url: string;
  readonly format: 'flv' | 'hls';
  /** TikTok's name for the quality, e.g. `hd`; `origin` is what the broadcaster sends. */
  readonly quality: string;
  readonly codec: 'h264' | 'h265';
}

/** From worst to best. `ao` is sound alone and never chosen. The names in capitals are those of the old lists. */
const QUALITY_ORDER = [
  'ld',
  'SD1',
  'sd',
  'SD2',
  'hd',
  'HD1',
  'hd_60',
  'uhd',
  'FULL_HD1',
  'uhd_60',
  'origin',
  'ORIGION',
];
/** An unknown name stands in the middle: better than the worst, no match for the best. */
const UNKNOWN_RANK = QUALITY_ORDER.indexOf('hd') - 0.5;
const SOUND_ONLY = 'ao';

/** Reads the JSON text that holds `data.<quality>.main.flv|hls`. */
export function fromStreamData(text: string | null, defaultCodec: Candidate['codec']): Candidate[] {
  const qualities = asObject(at(parseObject(text), 'data')) ?? {};
  return Object.entries(qualities).flatMap(([quality, entry]) => {
    const codec = codecOf(textAt(entry, 'main', 'sdk_params')) ?? defaultCodec;
    return (['flv', 'hls'] as const).flatMap((format) =>
      candidate(textAt(entry, 'main', format), format, quality, codec),
    );
  });
}

/** Reads the older lists: `flv_pull_url.<QUALITY>`, `hls_pull_url` and `rtmp_pull_url` (which is FLV over HTTP). */
export function fromPullUrls(streamUrl: unknown): Candidate[] {
  const flv = asObject(at(streamUrl, 'flv_pull_url')) ?? {};
  return [
    ...Object.keys(flv).flatMap((quality) => candidate(textAt(flv, quality), 'flv', quality, 'h264')),
    ...candidate(textAt(streamUrl, 'rtmp_pull_url'), 'flv', 'ORIGION', 'h264'),
    ...candidate(textAt(streamUrl, 'hls_pull_url'), 'hls', 'ORIGION', 'h264'),
  ];
}

/**
 * The address to record, or null when there is none. H.264 goes before H.265, which FLV carries in ways that many tools
 * cannot read. FLV goes before HLS: the media hosts refuse HLS to others than the app (403), and a lost FLV connection is
 * noticed at once.
 */
export function chooseCandidate(
  candidates: readonly Candidate[],
  quality: 'best' | 'worst',
): Candidate | null {
  const direction = quality === 'best' ? 1 : -1;
  const ranked = candidates
    .filter((candidate) => candidate.quality !== SOUND_ONLY)
    .map((candidate, index) => ({ candidate, index }))
    .sort(
      (a, b) =>
        Number(a.candidate.codec === 'h265') - Number(b.candidate.codec === 'h265') ||
        Number(a.candidate.format === 'hls') - Number(b.candidate.format === 'hls') ||
        direction * (rankOf(b.candidate) - rankOf(a.candidate)) ||
        a.index - b.index,
    );
  return ranked[0]?.candidate ?? null;
}

function rankOf({ quality }: Candidate): number {
  const rank = QUALITY_ORDER.indexOf(quality);
  return rank < 0 ? UNKNOWN_RANK : rank;
}

function candidate(
  url: string | null,
  format: Candidate['format'],
  quality: string,
  codec: Candidate['codec'],
): Candidate[] {
  return url !== null && /^https?:/i.test(url) && isMediaUrl(url) ? [{ url, format, quality, codec }] : [];
}

function codecOf(sdkParams: string | null): Candidate['codec'] | null {
  const params = parseObject(sdkParams);
  const name = (textAt(params, 'VCodec') ?? textAt(params, 'v_codec'))?.toLowerCase();
  if (name === undefined) return null;
  return /265|hevc/.test(name) ? 'h265' : 'h264';
}
