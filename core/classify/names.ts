/**
 * Names are anybody's words: a channel may be called "forbidden", a folder "hdmi-camera", a host "timeout".
 * They are left out of what the rules read. What a system or tool has named stays: schemes, device nodes,
 * programs, libraries, source files, and the ending that tells the kind of a file.
 */

/** Endings of files that are recorded, played or served. */
const MEDIA_KINDS =
  'mp4|mkv|ts|flv|mov|avi|webm|m4s|m4a|m4v|mp3|wav|part|m3u8|mpd|jpe?g|png|yuv|mpe?g|h26[45]|aac|ogg|flac|log|ytdl';

/** What is left of the path of a file; the path of an address looks different (`…/…`). */
export const FILE_PATH = /(?<![^\s'"(=:,[>])(?:\/…|…\.\w)/;

const ADDRESS = /\b([a-z][a-z0-9+-]{1,12}):\/\/([^\s/?#'"<>]{0,255})([/?#][^\s'"<>]{0,2000})?/gi;
/** A host that is none (letters for a port, say) may be what is wrong with the address, and stays. */
const WELL_FORMED_HOST = /^(?:[^@]{0,200}@)?(?:[\w-]+(?:\.[\w-]+){0,20}\.?|\[[\da-f:.]+\])?(?::\d{1,5})?$/i;
const HOST =
  /(?<![\w@./-])(?:[a-z0-9][a-z0-9_-]{0,62}\.){1,8}(?:com|org|net|tv|io|me|de|fr|cn|ru|co|uk|edu|gov|info|dev|app|live|video|example|test|invalid|local|lan|home|internal)(?![\w.(-])/gi;

/** Who or what yt-dlp was asked for stands between the extractor and the message. */
const ASKED_FOR = /\b((?:ERROR|WARNING): \[[\w:+.-]{2,40}\] )[^\s:]{1,120}(?=: )/g;

const QUOTED_PATH = /(['"])(\/[^'"]{1,1000})\1/g;
const BARE_PATH = /(?<![\p{L}\p{N}_./…-])\/[^\s/'"…][^\s'"]{0,1000}/gu;
const WINDOWS_PATH = /(?<!\w)[a-z]:\\[^'"\s]{0,1000}/gi;
const QUOTED_FILE = new RegExp(String.raw`(?<![\w])(['"])[^'"…]{1,300}(\.(?:${MEDIA_KINDS}))\1`, 'gi');
const MEDIA_FILE = new RegExp(
  String.raw`(?<![^\s'"(=])[^\s'"<>()=:;,…]{1,300}(\.(?:${MEDIA_KINDS}))(?![\w(]|\.\w)`,
  'gi',
);
const UNIT = /(?<![^\s'"(])[\w@\\.-]{1,200}(?=\.(?:service|mount|scope|socket|timer)\b)/g;

/** Folders whose names come with the system; what is mounted below them is not. */
const SYSTEM_PATH = /^\/+(?:dev|proc|sys|etc|usr|s?bin|lib\w{0,4}|nix|snap|run(?!\/media))\//;
/** GStreamer writes the place of an element as a path of types and names. */
const ELEMENT_PATH = /^\/[A-Z]\w{2,60}:/;
const SOURCE_OR_LIBRARY =
  /[^/]{1,120}\.(?:so|cc?|cpp|cxx|hpp|h|m|rs|go|py|js|mjs|cjs|node|conf)(?=$|[.(:\d])[^/]*$/i;
const KIND = new RegExp(String.raw`\.(?:${MEDIA_KINDS}|json|ini|cfg|ya?ml|bin|image)$`, 'i');
const MEDIA_KIND = new RegExp(String.raw`\.(?:${MEDIA_KINDS})$`, 'i');
/** Punctuation of the sentence after a name. */
const TRAILING = /[)\].,;:]+$/;

function trailingOf(name: string): string {
  return TRAILING.exec(name)?.[0] ?? '';
}

function withoutFile(path: string): string {
  const trailing = trailingOf(path);
  const name = path.slice(0, path.length - trailing.length);
  const kind = KIND.exec(name)?.[0] ?? '';
  const isMedia = MEDIA_KIND.test(kind);
  if (ELEMENT_PATH.test(path) || (SYSTEM_PATH.test(name) && !isMedia)) {
    return path;
  }
  const source = isMedia ? null : SOURCE_OR_LIBRARY.exec(name);
  return `/…${source === null ? kind : `/${source[0]}`}${trailing}`;
}

/** Replaces an address; its ending is kept where `endings` asks for it. */
function withoutPlace(endings: 'kept' | 'left out') {
  return (address: string, scheme: string, host: string, path = ''): string => {
    const trailing = trailingOf(address);
    if (host === '') {
      return `${scheme}:${withoutFile(path)}`;
    }
    const bareHost = path === '' ? host.slice(0, host.length - trailing.length) : host;
    const [file = ''] = path.slice(0, path.length - trailing.length).split(/[?#]/);
    const kind = endings === 'kept' ? (KIND.exec(file)?.[0] ?? '') : '';
    const place = path === '' ? '' : `/…${kind}`;
    return `${scheme}://${WELL_FORMED_HOST.test(bareHost) ? '…' : bareHost}${place}${trailing}`;
  };
}

/** A page names the makers of its protection by the hosts of their scripts. */
const PAGE = /<(?:html|head|title|script|body)\b/i;

/** A text without the hosts and paths of the addresses in it; a page keeps its hosts. */
export function withoutAddresses(text: string): string {
  return PAGE.test(text)
    ? text.replace(ADDRESS, (address, scheme: string, host: string) =>
        host === '' ? address : `${scheme}://${host}/`,
      )
    : text.replace(ADDRESS, withoutPlace('left out')).replace(HOST, '…');
}

/** A line as the rules read it: without the names of channels, hosts, folders and recordings. */
export function withoutNames(line: string): string {
  return line
    .replace(ASKED_FOR, '$1…')
    .replace(ADDRESS, withoutPlace('kept'))
    .replace(QUOTED_PATH, (_quoted, quote: string, path: string) => `${quote}${withoutFile(path)}${quote}`)
    .replace(BARE_PATH, withoutFile)
    .replace(
      WINDOWS_PATH,
      (path) => `/…${KIND.exec(path.replace(TRAILING, ''))?.[0] ?? ''}${trailingOf(path)}`,
    )
    .replace(QUOTED_FILE, '$1…$2$1')
    .replace(MEDIA_FILE, '…$1')
    .replace(UNIT, '…')
    .replace(HOST, '…');
}
