import { foreignMedia, isMediaUrl, mediaFormat } from '../media.js';
import { failed, live, notLive, type Resolution } from '../resolution.js';
import { asDetail } from '../text.js';

/** The part of yt-dlp's description that is read. */
export interface YtDlpShow {
  /** Present when the address leads to a list. */
  readonly entries?: readonly (YtDlpShow | null)[];
  readonly title?: string | null;
  readonly live_status?: string | null;
  readonly is_live?: boolean | null;
  readonly duration?: number | null;
  readonly url?: string;
  readonly manifest_url?: string;
  readonly protocol?: string;
  readonly http_headers?: Readonly<Record<string, unknown>>;
  readonly requested_formats?: readonly YtDlpShow[];
}

const NOT_LIVE_TEXTS: Readonly<Record<string, string>> = {
  is_upcoming: 'the show has not begun yet',
  was_live: 'the show is over, the address leads to its recording',
  post_live: 'the show has just ended',
  not_live: 'the address leads to a video, not to a live show',
};

/** What yt-dlp found at the address. */
export function readShow(found: YtDlpShow | null): Resolution {
  const show = found?.entries === undefined ? found : (found.entries.find((entry) => entry !== null) ?? null);
  if (show === null) return notLive('yt-dlp found no show');
  const ended = endedText(show);
  if (ended !== null) return notLive(`yt-dlp: ${ended}`);
  const format = oneAddress(show);
  if (format?.url === undefined || !isMediaUrl(format.url)) {
    return failed(
      'invalid_pipeline',
      asDetail(
        'yt-dlp gives picture and sound at two addresses: choose a format that has both (`yt-dlp -F` lists them)',
      ),
    );
  }
  const isHls = format.protocol?.startsWith('m3u8') === true;
  const media = foreignMedia(
    format.url,
    format.http_headers ?? show.http_headers,
    isHls ? 'hls' : mediaFormat(format.url),
  );
  return live(media, show.title ?? null);
}

/** A recorded video would be recorded again after each of its ends: only what is live counts. */
function endedText(show: YtDlpShow): string | null {
  if (show.is_live === true || show.live_status === 'is_live') return null;
  const known = NOT_LIVE_TEXTS[show.live_status ?? ''];
  if (known !== undefined) return known;
  return typeof show.duration === 'number' && show.duration > 0 ? (NOT_LIVE_TEXTS['not_live'] ?? null) : null;
}

/** The chosen format, or the master playlist that its picture and sound share. */
function oneAddress(show: YtDlpShow): YtDlpShow | null {
  const formats = show.requested_formats ?? [];
  const [first] = formats;
  if (first === undefined) return show;
  if (formats.length === 1) return first;
  const master = first.manifest_url;
  const isShared =
    master !== undefined &&
    first.protocol?.startsWith('m3u8') === true &&
    formats.every((format) => format.manifest_url === master);
  return isShared ? { ...first, url: master } : null;
}
