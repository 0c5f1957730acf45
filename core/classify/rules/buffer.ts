import type { MediaCause } from '../../causes.js';
import { anyOf, STRENGTH, type Rule } from '../types.js';

/** Samples and frames that were lost because a buffer ran over or empty. */
export const BUFFER_RULES: readonly Rule<MediaCause | 'other'>[] = [
  {
    name: 'sound buffer ran over or empty',
    cause: 'buffer_underrun',
    strength: STRENGTH.specific,
    errnos: ['EPIPE', 'ESTRPIPE'],
    subjects: ['sound'],
    unless: /jack server|socket|connect/i,
    why: 'ALSA reports an xrun as EPIPE and a suspend as ESTRPIPE.',
  },
  {
    name: 'tool saw a buffer run over or empty',
    cause: 'buffer_underrun',
    strength: STRENGTH.likely,
    pattern: anyOf(
      /\bx-?run\b|xrun|under-?run|over-?run|buffer (?:under|over)flow|underflow|circular buffer/,
      /buffer .{0,60}(?:too full|near too full|overflow|is full|full!)/,
      /can't record (?:audio|video) fast enough|cannot record (?:audio|video) fast enough/,
      /\b(?:in|out)put (?:over|under)flow(?:ed|s)?\b|\bpaInputOverflowed\b|errno -9981/,
      /dropped \d+ samples|ring ?buffer (?:overflow|full)|fifo (?:overflow|full|overrun)/,
      /thread message queue blocking|buffer overflow|queue overflow/,
      /frames? (?:dropped|lost) .{0,30}(?:buffer|queue|overflow)|frame dropped!/,
      /dropping (?:samples|packets|frames?).{0,40}(?:buffer|queue|full|late)|dropped samples/,
      /no room to store incoming packet|(?:read|write|send) queue is full|reader is too slow|rcv-?dropped/,
      /too slow .{0,20}(?:capture|record)|pufferüberlauf|пере?полнени[ея] буфера/,
    ),
    unless: /vbv|stack|integer|heap|numerical|\bsse\b|overrun\. surviving/i,
    why: 'The words of ring buffers are the same in every library.',
  },
  {
    name: 'tool went on after a buffer ran over',
    cause: 'buffer_underrun',
    strength: STRENGTH.generic,
    pattern: /overrun\. surviving/i,
    why: 'A reader that was held up by its output says so for each packet; what held it up comes after and decides.',
  },
];
