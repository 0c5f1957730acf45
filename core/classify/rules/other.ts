import type { MediaCause } from '../../causes.js';
import { anyOf, STRENGTH, type Rule } from '../types.js';

/** Ends that the catalogue of media causes has no word of its own for. */
export const OTHER_RULES: readonly Rule<MediaCause | 'other'>[] = [
  {
    name: 'process was killed or crashed',
    cause: 'crashed',
    strength: STRENGTH.specific,
    pattern: anyOf(
      /segmentation fault|segfault|sigsegv|core dumped|\bkilled\b|sigkill|oom-?kill|out of memory: kill/,
      /signal (?:9|11|6)\b|aborted \(core|\baborted\b$|bus error|illegal instruction/,
      /floating point exception|caught sigsegv|double free|corrupted (?:size|double)|stack smashing/,
      /assertion .{0,120}failed.{0,20}(?:abort)?$|speicherzugriffsfehler|erreur de segmentation/,
      /violación de segmento|falha de segmentação|errore di segmentazione|段错误|ошибка сегментирования/,
      /status 139|exit code 137|status 137/,
    ),
    unless: /gst(?:reamer)?-?critical|glib|gst_\w{3,40}: assertion/i,
    why: 'What kills a process leaves it without a word of its own; another start often works.',
  },
  {
    name: 'supervisor saw its child end',
    cause: 'crashed',
    strength: STRENGTH.weak,
    pattern: anyOf(
      /(?:process|ffmpeg|gstreamer|child|pipeline) (?:has |was |is )?(?:crashed|died|terminated|exited|stopped|not running)(?: unexpectedly)?/,
      /exited (?:unexpectedly|with (?:code|status|signal))|crashed unexpectedly/,
    ),
    why: 'A supervisor knows that its child ended, not why.',
  },
  {
    name: 'no display to draw on',
    cause: 'other',
    disposition: 'fatal',
    strength: STRENGTH.specific,
    pattern: anyOf(
      /could not (?:initiali[sz]e|open|connect to) .{0,20}(?:\bxv?\b|x11|display|wayland|window|opengl|egl|sdl)/,
      /no xv port/,
      /(?:cannot|could not|can't|unable to|failed to) (?:open|connect to) (?:the )?(?:x )?display/,
      /(?:cannot|can't|could not) connect to (?:the )?x ?server/,
      /no (?:display|protocol specified|screens? found)|x error of failed|no available video device/,
      /wayland display/,
    ),
    why: 'A preview window needs a desktop; a retry finds none either.',
  },
  {
    name: 'input cannot be decoded at all',
    cause: 'other',
    disposition: 'fatal',
    strength: STRENGTH.likely,
    pattern: anyOf(
      /decode error rate .{0,30}exceeds|too many (?:decode|decoding) errors/,
      /all frames (?:are )?(?:corrupt|undecodable)|(?:file|stream) is (?:corrupt|damaged)/,
      /cannot be played|contains no (?:playable|valid) streams/,
    ),
    why: 'The tool gave up because next to nothing could be decoded; the same input is no better a second time.',
  },
  {
    name: 'timestamps the container refuses',
    cause: 'other',
    disposition: 'fatal',
    strength: STRENGTH.weak,
    pattern: anyOf(
      /application provided invalid, non monoton|(?:pts|dts) .{0,40}(?:<|>|invalid)/,
      /can't write packet with unknown timestamp|timestamps are unset in a packet/,
      /first pts .{0,30}(?:must|invalid)/,
    ),
    why: 'The muxer refuses what the chain before it produces; the same chain produces it again.',
  },
  {
    name: 'former session still holds the stream key',
    cause: 'other',
    disposition: 'transient',
    strength: STRENGTH.decisive,
    pattern: anyOf(
      /already (?:being )?publish|netstream\.publish\.badname|\bbadname\b/,
      /stream (?:name |key )?(?:is )?already (?:exists|in use|publish|being used|live)|duplicate stream/,
      /409 conflict|already has a publisher|someone is already publishing/,
    ),
    why: 'The server keeps a lost session for a while and takes the key again when it has noticed.',
  },
  {
    name: 'server answered with another HTTP error',
    cause: 'http_error',
    strength: STRENGTH.likely,
    pattern: anyOf(
      /server returned (?:4xx|400|429)|\b429\b.{0,12}too many requests|too many requests/,
      /(?:error|code|status|http|returned)[\s:=]{1,3}(?:400|405|406|408|409|416|418|420|421|422|425|429)\b/,
      /\b400\b.{0,6}bad request|(?:method \w{3,10} failed|got error response): 4(?!0[134])\d\d/,
    ),
    why: 'The request was refused for a reason that is neither the address nor the account.',
  },
  {
    name: 'file cannot be created where it should be',
    cause: 'other',
    disposition: 'fatal',
    strength: STRENGTH.specific,
    pattern: /could ?n(?:o|')t (?:open|create) (?:the )?file .{1,200}for writing/i,
    unless: /space|read-only|permission/i,
    why: 'Mostly the folder is missing; the errno some tools print with it is left over from before.',
  },
  {
    name: 'reader of a local pipe is gone',
    cause: 'other',
    disposition: 'transient',
    strength: STRENGTH.likely,
    errnos: ['EPIPE'],
    context: /\bpipe:|stdout|fdsink|\bfifo\b/i,
    unlessContext: /(?:rtmps?|rtsps?|https?|srt|tcp|udp):|\[rtmp|\[flv|socket/i,
    why: 'A broken pipe to a program of this machine is not the network.',
  },
  {
    name: 'certificate is not acceptable',
    cause: 'other',
    disposition: 'fatal',
    strength: STRENGTH.decisive,
    pattern: anyOf(
      /certificate (?:verif\w{2,8} )?(?:verify )?(?:failed|error|has expired|is not|was not|validation|unknown|problem|invalid|expired)/,
      /unacceptable tls certificate|CERTIFICATE_VERIFY_FAILED|self[- ]signed certificate/,
      /unable to get local issuer|peer certificate|tls certificate|x509|hostname mismatch/,
    ),
    why: 'A certificate does not mend itself within a retry.',
  },
  {
    name: 'stream cannot be demuxed or decoded',
    cause: 'other',
    disposition: 'transient',
    strength: STRENGTH.weak,
    pattern:
      /GST_STREAM_ERROR_(?:DEMUX|DECODE)|could not (?:demultiplex|decode) stream|error (?:while )?demux/i,
    why: 'Damaged media passes with the next segment or connection.',
  },
];
