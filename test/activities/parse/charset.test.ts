/** Goal: text comes out as it was written, also where a site names a wrong character set or none. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeBody, ParseFailure } from '../../../activities/parse/index.js';

/** "Порт открыт, вход свободный" */
const RUSSIAN = 'Порт открыт, вход свободный';

/** Bytes of a text in a character set of one byte a character. */
function encode(text: string, charset: string): Buffer {
  const decoder = new TextDecoder(charset);
  const all = Array.from({ length: 256 }, (_, byte) => decoder.decode(Buffer.from([byte])));
  return Buffer.from(Array.from(text, (character) => all.indexOf(character)));
}

function xml(text: string, encoding?: string): string {
  return `<?xml version="1.0"${encoding === undefined ? '' : ` encoding="${encoding}"`}?><t>${text}</t>`;
}

describe('the character set', () => {
  it('is that of the byte order mark before anything else', () => {
    const text = xml('Größe', 'iso-8859-1');
    const marked = Buffer.from(`\ufeff${text}`);
    expect(decodeBody(marked, 'text/xml; charset=windows-1251')).toMatchObject({ text, decidedBy: 'mark' });
    const wide = Buffer.from(`\ufeff${text}`, 'utf16le');
    expect(decodeBody(wide, null)).toMatchObject({ text, charset: 'utf-16le' });
    expect(decodeBody(wide.swap16(), null)).toMatchObject({ text, charset: 'utf-16be' });
  });

  it('is that of the header before that of the document', () => {
    const bytes = encode(xml(RUSSIAN, 'koi8-r'), 'windows-1251');
    expect(decodeBody(bytes, 'text/xml; charset="CP1251"')).toMatchObject({
      text: xml(RUSSIAN, 'koi8-r'),
      charset: 'windows-1251',
      decidedBy: 'header',
    });
  });

  it.each([
    ['an XML declaration', xml(RUSSIAN, 'koi8-r')],
    ['a meta element', `<html><head><meta charset=koi8-r><p>${RUSSIAN}`],
    [
      'an old meta element',
      `<meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>${RUSSIAN}`,
    ],
  ])('is that of %s where the header is silent', (_name, text) => {
    expect(decodeBody(encode(text, 'koi8-r'), 'text/html')).toMatchObject({ text, decidedBy: 'document' });
  });

  it('is UTF-8 where the bytes are, though header and document say something else', () => {
    const text = xml('Größe – 5 €', 'windows-1252');
    const outcome = decodeBody(Buffer.from(text), 'text/xml; charset=iso-8859-1');
    expect(outcome).toMatchObject({ text, charset: 'utf-8', decidedBy: 'content' });
  });

  it('is not UTF-8 where the bytes are not, though the header says so', () => {
    const text = xml(RUSSIAN, 'windows-1251');
    expect(decodeBody(encode(text, 'windows-1251'), 'text/xml; charset=utf-8').text).toBe(text);
  });

  it('is guessed where nobody names it, or only a name that does not exist', () => {
    const text = xml(`${RUSSIAN}. `.repeat(5), 'win-1251-ru');
    expect(decodeBody(encode(text, 'windows-1251'), 'text/xml; charset=none')).toMatchObject({
      text,
      decidedBy: 'guess',
    });
  });

  it('of a document in UTF-16 that does not say so is seen in its bytes', () => {
    const text = xml(RUSSIAN);
    expect(decodeBody(Buffer.from(text, 'utf16le'), 'text/xml').text).toBe(text);
  });

  it('is not UTF-16 because a declaration in ASCII says so', () => {
    const text = xml('Größe', 'utf-16');
    expect(decodeBody(Buffer.from(text), 'text/xml; charset=utf-16').text).toBe(text);
  });

  it('named in the configuration decides alone', () => {
    const text = xml(RUSSIAN, 'utf-8');
    const bytes = encode(text, 'koi8-r');
    expect(decodeBody(bytes, 'text/xml; charset=utf-8', 'koi8-r')).toMatchObject({
      text,
      decidedBy: 'setting',
    });
    expect(() => decodeBody(bytes, null, 'no-such-set')).toThrow(ParseFailure);
  });

  it('windows-1252 has its quotes and its euro, also under its older name', () => {
    const bytes = Buffer.from([0x93, 0x80, 0x94, 0x20, 0x96, 0xe9]);
    for (const label of ['windows-1252', 'iso-8859-1', 'latin1']) {
      expect(decodeBody(bytes, `text/plain; charset=${label}`).text).toBe('“€” –é');
    }
  });

  it('never makes anything but UTF-8 of UTF-8', () => {
    const labels = fc.constantFrom(null, 'utf-8', 'iso-8859-1', 'windows-1251', 'shift_jis', 'nonsense');
    const texts = fc
      .string({ unit: 'grapheme', maxLength: 200 })
      .filter((text) => !/^[\ufeff\0<]/.test(text));
    fc.assert(
      fc.property(texts, labels, (text, label) => {
        const contentType = label === null ? null : `text/xml; charset=${label}`;
        return decodeBody(Buffer.from(text), contentType).text === text;
      }),
    );
  });
});
