import type { MediaCause } from '../../causes.js';
import { anyOf, STRENGTH, type Rule } from '../types.js';

/** Room and rights on the disk, and the things that borrow their words. */
export const STORAGE_RULES: readonly Rule<MediaCause | 'other'>[] = [
  {
    name: 'bandwidth of the bus, not room on a disk',
    cause: 'other',
    disposition: 'fatal',
    strength: STRENGTH.decisive,
    errnos: ['ENOSPC', 'EOVERFLOW'],
    pattern: anyOf(
      /stream ?on|vidioc|\busb\b|uvc|\/dev\/video|camera|webcam|v4l2|isoc/,
      /start(?:ing)? (?:capture|stream)|libusb|bandwidth|reqbufs|snd_|hw:|urb/,
    ),
    unless: anyOf(
      /writ|trailer|muxer|\/mnt|\/media\/|\.(?:mp4|mkv|ts|flv|avi|mov|jpe?g)\b|filesink|disk/,
      /espace disque/,
    ),
    why: 'A camera that asks for more USB bandwidth than is left gets ENOSPC from the kernel.',
  },
  {
    name: 'camera driver is out of a resource, not of room on a disk',
    cause: 'other',
    disposition: 'fatal',
    strength: STRENGTH.decisive,
    errnos: ['ENOSPC'],
    subjects: ['camera', 'sound'],
    unlessContext:
      /filesink|trailer|muxer|splitmux|\.(?:mp4|mkv|ts|flv|avi|mov|wav|jpe?g|m3u8)\b|\/mnt|\/media\//i,
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
      /(?:out of|low on|insufficient|not enough|no more|no free|ran out of|run out of|no) (?:free )?(?:disk|storage|hard drive) ?(?:space)?/,
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
    pattern: /writ|trailer|muxer|filesink|mkdir|disk|ext[234]|xfs|btrfs|nfs|\/mnt|\/media\//i,
    unless: /av_interleaved_write_frame|:\/\/|\/dev\//i,
    why: 'An I/O error while a file is written is the disk or the mount, not the media.',
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
    unlessContext: /rtsp|rtmp|srt:|tcp|socket/i,
    why: 'A file that was open and no longer takes writes lay on storage that is gone.',
  },
];
