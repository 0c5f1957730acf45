import type { MediaCause } from '../../causes.js';
import { STRENGTH, type Rule } from '../types.js';

/** System errors that say the same whatever they are about. */
export const ERRNO_RULES: readonly Rule<MediaCause | 'other'>[] = [
  {
    name: 'connection refused or reset',
    cause: 'network_disconnect',
    strength: STRENGTH.likely,
    errnos: [
      'ECONNREFUSED',
      'ECONNRESET',
      'ECONNABORTED',
      'ENETUNREACH',
      'EHOSTUNREACH',
      'ENETDOWN',
      'EHOSTDOWN',
      'ENETRESET',
    ],
    unless: /jack|pulse|x server|display|dbus/i,
    why: 'These errors exist for connections only.',
  },
  {
    name: 'sound or display server does not answer',
    cause: 'network_disconnect',
    strength: STRENGTH.generic,
    errnos: ['ECONNREFUSED', 'ECONNRESET'],
    why: 'A local server that refuses is not running yet or any more.',
  },
  {
    name: 'name cannot be resolved',
    cause: 'network_disconnect',
    strength: STRENGTH.likely,
    errnos: ['EAI_AGAIN', 'EAI_NONAME'],
    why: 'Without an address there is no connection; the network or its name server is away.',
  },
  {
    name: 'nothing came in time',
    cause: 'stream_timeout',
    strength: STRENGTH.likely,
    errnos: ['ETIMEDOUT', 'ETIME'],
    why: 'The connection or device stayed open but delivered nothing.',
  },
  {
    name: 'reader or writer on the other side is gone',
    cause: 'network_disconnect',
    strength: STRENGTH.weak,
    errnos: ['EPIPE', 'ENOTCONN', 'ESHUTDOWN'],
    why: 'Outside of sound devices a broken pipe is a peer that has closed.',
  },
  {
    name: 'input or output failed while a connection was read or written',
    cause: 'network_disconnect',
    strength: STRENGTH.weak,
    errnos: ['EIO'],
    subjects: ['network'],
    why: 'Network protocols of media tools report a lost session as EIO.',
  },
  {
    name: 'device is not there',
    cause: 'device_not_found',
    strength: STRENGTH.weak,
    errnos: ['ENODEV', 'ENXIO'],
    unless: /setsockopt|multicast|membership|\bIP_/i,
    why: 'No device is no device, even where its kind is not said.',
  },
  {
    name: 'address or files of this machine used up',
    cause: 'other',
    disposition: 'fatal',
    strength: STRENGTH.likely,
    errnos: ['EMFILE', 'EADDRINUSE', 'EADDRNOTAVAIL', 'EFBIG'],
    why: 'A limit or a listener of this machine stays until someone changes it.',
  },
  {
    name: 'not ready yet',
    cause: 'stream_timeout',
    strength: STRENGTH.weak,
    errnos: ['EAGAIN', 'EIO'],
    why: 'Nothing could be read for now.',
  },
];
