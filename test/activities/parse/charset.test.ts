/** Goal: text comes out as it was written, also where a site names a wrong character set or none. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeBody, ParseFailure } from '../../../activities/parse/index.js';

/** "Порт открыт, вход свободный" */
const RUSSIAN = 'Порт открыт, вход свободный';

/** The bytes of a text with one of its characters cut after the first of its bytes. */
function cutAfter(beginning: string, text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.byteLength(beginning) + 1;
  return Buffer.concat([bytes.subarray(0, length), bytes.subarray(Buffer.byteLength(`${beginning}č`))]);
}

/** The whole characters before and after the one that a byte belongs to. */
function aroundByte(text: string, at: number): { readonly before: string; readonly after: string } {
  let end = 0;
  let before = '';
  for (const character of text) {
    end += Buffer.byteLength(character);
    if (end > at) return { before, after: text.slice(before.length + character.length) };
    before += character;
  }
  return { before, after: '' };
}

/** Bytes of a text in a character set of one or two bytes a character. */
function encode(text: string, charset: string): Buffer {
  const decoder = new TextDecoder(charset);
  const leads = /^(?:gb|big5|euc|shift)/.test(charset) ? Array.from({ length: 127 }, (_, n) => n + 0x81) : [];
  const codes = new Map<string, readonly number[]>();
  const add = (code: readonly number[]) => {
    const character = decoder.decode(Buffer.from(code));
    if (!codes.has(character)) codes.set(character, code);
  };
  for (let byte = 0; byte < 256; byte += 1) add([byte]);
  for (const lead of leads) for (let trail = 0x40; trail < 0xff; trail += 1) add([lead, trail]);
  return Buffer.from(Array.from(text).flatMap((character) => codes.get(character) ?? []));
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

  it.each([
    ['header and document', 'utf-8', 'text/xml; charset=UTF-8'],
    ['nobody', undefined, 'text/xml'],
    ['a header that names another', undefined, 'text/xml; charset=iso-8859-2'],
  ])('is UTF-8 although one character was cut, by the word of %s', (_who, encoding, contentType) => {
    const text = xml('Příliš žluťoučký kůň úpěl č ďábelské ódy', encoding);
    const bytes = cutAfter(text.slice(0, text.indexOf('č ď')), text);
    expect(decodeBody(bytes, contentType).text).toBe(text.replace('č ď', '\ufffd ď'));
  });

  it('is UTF-8 in a short document in Latin letters, and in one that was cut in the middle of a character', () => {
    const text = '<p>Curaçao</p>';
    const cut = Buffer.concat([Buffer.from(text), Buffer.from([0xc3])]);
    expect(decodeBody(cut, 'text/html; charset=utf-8').text).toBe(`${text}\ufffd`);
    const chinese = Buffer.from(xml('新闻标题很长'));
    expect(decodeBody(chinese.subarray(0, -5), null).text).toContain('新闻标题很\ufffd');
  });

  it('is UTF-8 where characters are written as two halves of three bytes each', () => {
    const halves = Buffer.from('eda0bdedb880', 'hex');
    const bytes = Buffer.concat([Buffer.from('<t>Größe '), halves, Buffer.from(' 한국어</t>')]);
    expect(decodeBody(bytes, 'text/xml; charset=utf-8').text).toBe('<t>Größe 😀 한국어</t>');
  });

  it.each([
    ['windows-1251', RUSSIAN],
    ['windows-1252', 'Größe, CAFÉ»: à la carte, déjà vu, naïf'],
    ['gbk', '中文新闻标题很长很长，今天的天气很好'],
    ['shift_jis', '日本語のニュースの見出しです。カタカナ'],
    ['euc-jp', '日本語のニュースの見出しです。今日の天気はとても良い。'],
    ['euc-kr', '한국어 뉴스 제목입니다 오늘 날씨가 아주 좋습니다'],
  ])('is %s where the bytes are, though header and document say UTF-8', (charset, text) => {
    const written = xml(`${text} `.repeat(4), 'utf-8');
    expect(decodeBody(encode(written, charset), 'text/xml; charset=utf-8')).toMatchObject({
      text: written,
      decidedBy: 'guess',
    });
  });

  it('stays UTF-8 whatever one byte of it becomes, and loses no other character', () => {
    const word = fc.constantFrom(
      'Příliš',
      'žluťoučký',
      '新闻标题',
      'ニュース',
      'Ελλάδα',
      'привет',
      'emoji 😀',
      'día',
    );
    const texts = fc.array(word, { minLength: 8, maxLength: 40 }).map((words) => words.join(' '));
    const label = fc.constantFrom(null, 'text/xml', 'text/xml; charset=utf-8');
    const byte = fc.option(fc.integer({ min: 0, max: 255 }), { nil: null });
    fc.assert(
      fc.property(texts, fc.nat(), byte, label, (text, seed, replacement, contentType) => {
        const bytes = Buffer.from(text);
        const at = seed % bytes.length;
        const middle = replacement === null ? [] : [replacement];
        const broken = Buffer.concat([bytes.subarray(0, at), Buffer.from(middle), bytes.subarray(at + 1)]);
        const read = decodeBody(broken, contentType).text;
        const { before, after } = aroundByte(text, at);
        expect(read.startsWith(before.replace(/^\ufeff/, ''))).toBe(true);
        // What a broken byte has become may take the first byte of the next character with it.
        expect(read.endsWith(Array.from(after).slice(1).join(''))).toBe(true);
      }),
    );
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
