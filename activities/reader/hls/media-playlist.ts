import { parseAttributes } from './attributes.js';

export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** How a segment is encrypted. */
export interface SegmentKey {
  /** `AES-128` is decrypted here; anything else is not. */
  readonly method: string;
  readonly url: string | null;
  /** 16 bytes in hexadecimal; absent: the media sequence number. */
  readonly iv: string | null;
}

/** The initialisation section that fragmented MP4 needs in front. */
export interface InitSection {
  readonly url: string;
  readonly byteRange: ByteRange | null;
}

export interface MediaSegment {
  readonly sequence: number;
  readonly url: string;
  readonly durationMs: number;
  readonly discontinuity: boolean;
  /** The server has no media for it. */
  readonly gap: boolean;
  /** Milliseconds since 1970, carried forward from the last dated segment. */
  readonly programDateTimeMs: number | null;
  readonly byteRange: ByteRange | null;
  readonly key: SegmentKey | null;
  readonly init: InitSection | null;
}

export interface MediaPlaylist {
  readonly kind: 'media';
  readonly targetDurationMs: number;
  /** Number of the first segment. */
  readonly mediaSequence: number;
  readonly endList: boolean;
  readonly segments: readonly MediaSegment[];
}

/** A playlist without a target duration is polled as if it were this long. */
const FALLBACK_TARGET_DURATION_MS = 5_000;

/** Reads the lines of a media playlist. Lines that make no sense are passed over. */
export function parseMediaPlaylist(lines: readonly string[], baseUrl: string): MediaPlaylist {
  const parser = new MediaPlaylistParser(baseUrl);
  for (const line of lines) parser.line(line);
  return parser.result();
}

/** Collects segments; tags apply to the next segment or to all that follow, as RFC 8216 says. */
class MediaPlaylistParser {
  readonly #baseUrl: string;
  readonly #segments: MediaSegment[] = [];
  #targetDurationMs = FALLBACK_TARGET_DURATION_MS;
  #mediaSequence = 0;
  #endList = false;
  #key: SegmentKey | null = null;
  #init: InitSection | null = null;
  #nextDateMs: number | null = null;
  #lastRangeEnd = new Map<string, number>();
  #durationMs = 0;
  #discontinuity = false;
  #gap = false;
  #range: string | null = null;

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  line(line: string): void {
    if (line === '') return;
    if (line.startsWith('#')) this.#tag(line);
    else this.#segment(line);
  }

  result(): MediaPlaylist {
    return {
      kind: 'media',
      targetDurationMs: this.#targetDurationMs,
      mediaSequence: this.#mediaSequence,
      endList: this.#endList,
      segments: this.#segments.map((segment, index) => ({
        ...segment,
        sequence: this.#mediaSequence + index,
      })),
    };
  }

  #tag(line: string): void {
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1);
    switch (name) {
      case '#EXT-X-TARGETDURATION':
        this.#targetDurationMs = positive(value) * 1000 || FALLBACK_TARGET_DURATION_MS;
        break;
      case '#EXT-X-MEDIA-SEQUENCE':
        this.#mediaSequence = Math.floor(positive(value));
        break;
      case '#EXT-X-ENDLIST':
        this.#endList = true;
        break;
      case '#EXTINF':
        this.#durationMs = Math.round(positive(value) * 1000);
        break;
      case '#EXT-X-DISCONTINUITY':
        this.#discontinuity = true;
        break;
      case '#EXT-X-GAP':
        this.#gap = true;
        break;
      case '#EXT-X-BYTERANGE':
        this.#range = value;
        break;
      case '#EXT-X-PROGRAM-DATE-TIME':
        this.#nextDateMs = dateMs(value);
        break;
      case '#EXT-X-KEY':
        this.#key = this.#readKey(value);
        break;
      case '#EXT-X-MAP':
        this.#init = this.#readInit(value);
        break;
    }
  }

  #readKey(value: string): SegmentKey | null {
    const attributes = parseAttributes(value);
    const method = attributes.get('METHOD') ?? 'NONE';
    if (method === 'NONE') return null;
    const uri = attributes.get('URI');
    const iv = /^0x([0-9a-f]{1,32})$/i.exec(attributes.get('IV') ?? '')?.[1]?.padStart(32, '0') ?? null;
    return { method, url: uri === undefined ? null : resolveUrl(uri, this.#baseUrl), iv };
  }

  #readInit(value: string): InitSection | null {
    const attributes = parseAttributes(value);
    const url = resolveUrl(attributes.get('URI') ?? '', this.#baseUrl);
    return url === null
      ? null
      : { url, byteRange: this.#readRange(attributes.get('BYTERANGE') ?? null, url) };
  }

  /** `length[@offset]`; without an offset the range follows the last one of the same resource. */
  #readRange(text: string | null, url: string): ByteRange | null {
    const match = text === null ? null : /^(\d+)(?:@(\d+))?$/.exec(text.trim());
    if (!match) return null;
    const length = Number(match[1]);
    const offset = match[2] === undefined ? (this.#lastRangeEnd.get(url) ?? 0) : Number(match[2]);
    this.#lastRangeEnd.set(url, offset + length);
    return { offset, length };
  }

  #segment(line: string): void {
    const url = resolveUrl(line, this.#baseUrl);
    this.#segments.push({
      sequence: 0,
      url: url ?? this.#baseUrl,
      durationMs: this.#durationMs,
      discontinuity: this.#discontinuity,
      gap: this.#gap || url === null,
      programDateTimeMs: this.#nextDateMs,
      byteRange: url === null ? null : this.#readRange(this.#range, url),
      key: this.#key,
      init: this.#init,
    });
    if (this.#nextDateMs !== null) this.#nextDateMs += this.#durationMs;
    this.#durationMs = 0;
    this.#discontinuity = false;
    this.#gap = false;
    this.#range = null;
  }
}

/** Resolves an address of a playlist; null when it is none. */
export function resolveUrl(uri: string, baseUrl: string): string | null {
  if (uri === '' || !URL.canParse(uri, baseUrl)) return null;
  return new URL(uri, baseUrl).href;
}

function positive(value: string): number {
  const number = Number.parseFloat(value);
  return Number.isFinite(number) && number > 0 ? number : 0;
}

function dateMs(value: string): number | null {
  const parsed = Date.parse(value);
  return Number.isNaN(parsed) ? null : parsed;
}
