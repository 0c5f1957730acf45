import type { MediaCause } from '../../causes.js';
import { FILE_PATH } from '../names.js';
import { anyOf, STRENGTH, type Rule } from '../types.js';

/** An output of ffmpeg that is mostly a connection; where it is a file, the path is told. */
const LIVE_MUXER =
  /^(?![^]*(?:\/…|…\.\w|\/(?:matroska|mp4|mov|webm|segment|avi|wav|ogg)\b))[^]*\[out#\d+\/(?:mpegts|flv|rtsp|rtp\w{0,8}|sap|whip)\b/i;

/** Room and rights on the disk, and the things that borrow their words. */
export const STORAGE_RULES: readonly Rule<MediaCause | 'other'>[] = [
  {
    name: 'camera of the board is held by another program',
    cause: 'encoder_hiccup',
    strength: STRENGTH.decisive,
    pattern: /mmal.{0,120}ENOSPC|mmal.{0,80}out of resources|(?:create|open) (?:a )?capture ?session/i,
    why: 'The camera services of Raspberry Pi and Jetson serve one program at a time and say nothing better.',
  },
  {
    name: 'bandwidth of the bus, not room on a disk',
    cause: 'other',
    disposition: 'fatal',
    strength: STRENGTH.decisive,
    errnos: ['ENOSPC', 'EOVERFLOW'],
    pattern: anyOf(
      /stream ?on|vidioc|\busb\b|uvc|\/dev\/video|camera|webcam|v4l2|isoc/,
      /start(?:ing)? (?:capture|stream)|libusb|bandwidth|reqbufs|snd_|\bhw:|\burb/,
    ),
    unless: anyOf(FILE_PATH, /writ|trailer|muxer|filesink|disk|espace disque/),
    why: 'A camera that asks for more USB bandwidth than is left gets ENOSPC from the kernel.',
  },
  {
    name: 'camera driver is out of a resource, not of room on a disk',
    cause: 'other',
    disposition: 'fatal',
    strength: STRENGTH.decisive,
    errnos: ['ENOSPC'],
    subjects: ['camera', 'sound'],
    unlessContext: anyOf(FILE_PATH, /filesink|trailer|muxer|splitmux/),
    why: 'Where nothing is written to a file, there is no disk that could be full.',
  },
  {
    name: 'watches or shared memory used up, not the disk',
    cause: 'other',
    disposition: 'fatal',
    strength: STRENGTH.decisive,
    errnos: ['ENOSPC'],
    pattern: anyOf(
      /inotify|file watch|semaphore|semget|sem_open|shm_|shared memory|\/dev\/shm|msgget|epoll/,
      /user watches/,
    ),
    why: 'The kernel answers ENOSPC for tables of its own, which more room on the disk does not mend.',
  },
  {
    name: 'queue between the parts of ffmpeg is full, not the disk',
    cause: 'invalid_pipeline',
    strength: STRENGTH.decisive,
    errnos: ['ENOSPC'],
    pattern: /\[(?:in|af|vf|fc|fg|dec|sq)[#:]|to consumers/i,
    why: 'Inputs and filters write to no disk: ffmpeg says ENOSPC too when a stream of the output never begins.',
  },
  {
    name: 'disk or quota is full',
    cause: 'storage_full',
    strength: STRENGTH.decisive,
    errnos: ['ENOSPC', 'EDQUOT'],
    why: 'Everything printed after a write without room is a consequence of it.',
  },
  {
    name: 'tool saw a full disk',
    cause: 'storage_full',
    strength: STRENGTH.decisive,
    pattern: anyOf(
      /(?:disk|storage|drive|volume|partition|filesystem|sd card|device) (?:is |was |are )?(?:almost |nearly )?full\b/,
      /(?:out of|low on|insufficient|not enough|no more|no free|ran out of|run out of|\bno) (?:free )?(?:disk|storage|hard drive) ?(?:space)?/,
      /insufficient (?:free )?space|not enough (?:free )?space|out of space/,
      /GST_RESOURCE_ERROR_NO_SPACE_LEFT|no space left on the resource/,
      /free (?:disk )?space (?:is )?(?:below|under|too low)/,
    ),
    why: 'Programs that look before they write say it in their own words.',
  },
  {
    name: 'file system is read-only',
    cause: 'read_only_storage',
    strength: STRENGTH.decisive,
    errnos: ['EROFS'],
    why: 'The kernel remounts a damaged file system read-only; every later write fails with EROFS.',
  },
  {
    name: 'storage is gone or broken',
    cause: 'read_only_storage',
    strength: STRENGTH.likely,
    errnos: ['EIO', 'ESTALE', 'EREMOTEIO', 'ENOTCONN', 'ESHUTDOWN', 'EBADF'],
    subjects: ['storage'],
    pattern: anyOf(FILE_PATH, /writ|trailer|muxer|filesink|mkdir|disk|\bext[234]|\bxfs|btrfs|\bnfs/),
    unless: /av_interleaved_write_frame|:\/\/|\/dev\//i,
    unlessContext: LIVE_MUXER,
    why: 'An I/O error while a file is written is the disk or the mount, not the media.',
  },
  {
    name: 'kernel or database sees its storage fail',
    cause: 'read_only_storage',
    strength: STRENGTH.specific,
    pattern: anyOf(
      /\b(?:ext[234]|xfs|btrfs|f2fs|exfat|ntfs3?|fat)(?:-fs)?\b.{0,80}(?:\berror\b|aborted|shut ?down|corrupt)/,
      /buffer i\/o error|i\/o error,? (?:on )?dev\b|lost (?:a?sync )?page write|critical (?:medium|target) error/,
      /read-?only database|journal has aborted/,
    ),
    why: 'The kernel gives a file system up after such an error; nothing can be written until it is mended.',
  },
  {
    name: 'recording path cannot be written',
    cause: 'read_only_storage',
    strength: STRENGTH.specific,
    pattern: anyOf(
      /remount(?:ed|ing)?.{0,40}read-?only|write[- ]protect|is not writ(?:e)?able|not writable/,
      /schreibgeschützt|protégé en écriture/,
    ),
    why: 'A path that refuses writes for everyone is lost to the recording until someone mends it.',
  },
  {
    name: 'file under the recording went away',
    cause: 'read_only_storage',
    strength: STRENGTH.likely,
    errnos: ['EBADF', 'ESTALE', 'EIO'],
    context: anyOf(
      /could not write to (?:resource|file)|mp4mux|matroskamux|filesink|splitmuxsink/,
      /error writing trailer/,
    ),
    unlessContext: anyOf(/rtsp|rtmp|srt:|tcp|socket/, LIVE_MUXER),
    why: 'A file that was open and no longer takes writes lay on storage that is gone.',
  },
];
