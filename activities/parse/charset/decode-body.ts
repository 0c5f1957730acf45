import { isAscii, isUtf8 } from 'node:buffer';
import { analyse } from 'chardet';
import { ParseFailure } from '../parse-failure.js';
import { isMostlyUtf8, joinSurrogates } from './broken-utf8.js';
import { charsetOfDocument, charsetOfFirstBytes, charsetOfHeader } from './declared.js';
import { mendWindows1252 } from './windows-1252.js';

/** Enough letters for a guess; guessing over a whole body takes long. */
const GUESS_BYTES = 65_536;
/** What a guess that knows nothing better comes down to. */
const LAST_RESORT = 'windows-1252';
/** A text of five words in another character set never comes near it. */
const EVIDENCE_FOR_UTF8 = 2;
/** Where another character set is named, there has to be more. */
const EVIDENCE_AGAINST_NAME = 10;

/** Which hint has decided. */
export type CharsetHint = 'setting' | 'mark' | 'header' | 'document' | 'content' | 'guess';

export interface DecodedBody {
  readonly text: string;
  /** By its name in the WHATWG Encoding Standard. */
  readonly charset: string;
  readonly decidedBy: CharsetHint;
}

/**
 * Makes text of bytes. A setting decides alone; otherwise byte order mark, `Content-Type`, the document's own
 * declaration, in this order, as far as they can be true; then what the bytes look like. Never loses a body for a wrong
 * name: what cannot be decoded is guessed.
 * @throws {ParseFailure} `unsupported_encoding` when the setting names no character set.
 */
export function decodeBody(bytes: Buffer, contentType: string | null, setting?: string): DecodedBody {
  if (setting !== undefined) return decodeAsTold(bytes, setting);
  const first = charsetOfFirstBytes(bytes);
  if (first?.isMark === true) return decode(bytes, decoderOf(first.charset), 'mark');
  for (const [label, decidedBy] of [
    [charsetOfHeader(contentType), 'header'],
    [first?.charset ?? charsetOfDocument(bytes), 'document'],
  ] as const) {
    const decoder = decoderOf(label);
    if (decoder !== null && isPlausible(bytes, decoder.encoding)) return decode(bytes, decoder, decidedBy);
  }
  if (isPlausible(bytes, 'utf-8')) return decode(bytes, decoderOf('utf-8'), 'content');
  return decode(bytes, decoderOf(guess(sampleOf(bytes))), 'guess');
}

function decodeAsTold(bytes: Buffer, setting: string): DecodedBody {
  const decoder = decoderOf(setting);
  if (decoder !== null) return decode(bytes, decoder, 'setting');
  throw new ParseFailure(`unknown character set ${setting}`, 'unsupported_encoding');
}

function decoderOf(label: string | null): InstanceType<typeof TextDecoder> | null {
  if (label === null) return null;
  try {
    return new TextDecoder(label);
  } catch {
    return null;
  }
}

function decode(
  bytes: Buffer,
  decoder: InstanceType<typeof TextDecoder> | null,
  decidedBy: CharsetHint,
): DecodedBody {
  const used = decoder ?? new TextDecoder(LAST_RESORT);
  const text = used.decode(used.encoding === 'utf-8' && !isUtf8(bytes) ? joinSurrogates(bytes) : bytes);
  const isWestern = used.encoding === LAST_RESORT;
  return { text: isWestern ? mendWindows1252(text) : text, charset: used.encoding, decidedBy };
}

/**
 * False when the bytes speak against a name. Text that is valid UTF-8 beyond ASCII is UTF-8: in another character set
 * that would be a very strange text. A broken character here and there does not make it anything else; more of them do.
 */
function isPlausible(bytes: Buffer, charset: string): boolean {
  if (charset === 'utf-8') return isUtf8(bytes) || isMostlyUtf8(bytes, EVIDENCE_FOR_UTF8);
  // Bytes of these have a meaning in pairs, or are ASCII throughout.
  if (/^(?:utf-16|iso-2022)/.test(charset)) return charset.startsWith('iso') || looksWide(bytes);
  if (isUtf8(bytes)) return isAscii(bytes);
  return !isMostlyUtf8(bytes, EVIDENCE_AGAINST_NAME);
}

/** Text in UTF-16 of a document with markup holds many zeros. */
function looksWide(bytes: Buffer): boolean {
  return bytes.subarray(0, 256).includes(0);
}

/** The most likely character set in which every byte of the sample has a meaning. */
function guess(sample: Buffer): string {
  const names = analyse(sample).map(({ name }) => name);
  return names.find((name) => isMeaningful(sample, name)) ?? LAST_RESORT;
}

function isMeaningful(sample: Buffer, charset: string): boolean {
  try {
    new TextDecoder(charset, { fatal: true }).decode(sample);
    return true;
  } catch {
    return false;
  }
}

/**
 * The words with letters beyond ASCII: those are what is guessed from, and between the names of elements they would be lost.
 * Nothing at which is cut here is part of a character of several bytes.
 */
function sampleOf(bytes: Buffer): Buffer {
  const start = Math.max(
    0,
    bytes.findIndex((byte) => byte >= 0x80),
  );
  const text = bytes.subarray(start, start + GUESS_BYTES).toString('latin1');
  const all = text.split(/[\s<>]+/);
  // The last word may end in the middle of a character.
  const whole = text.length < GUESS_BYTES ? all : all.slice(0, -1);
  const words = whole.filter((word) => /[\u0080-\u00ff]/.test(word));
  return Buffer.from(words.join(' '), 'latin1');
}
