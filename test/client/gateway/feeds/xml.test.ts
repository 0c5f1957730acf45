import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { element } from '../../../../client/gateway/feeds/xml.js';

/** What an XML reader finds in a document of one element. */
function read(document: string): { text: string; attributes: Record<string, string>; elements: number } {
  const found = { text: '', attributes: {}, elements: 0 };
  const parser = new Parser(
    {
      onopentag: (_name, attributes) => Object.assign(found, { attributes, elements: found.elements + 1 }),
      ontext: (text) => (found.text += text),
    },
    { xmlMode: true },
  );
  parser.end(document);
  return found;
}

/** Code points that a document may hold. */
const isXml = (point: number): boolean =>
  [0x9, 0xa, 0xd].includes(point) ||
  (point >= 0x20 && point <= 0xd7ff) ||
  (point >= 0xe000 && point <= 0xfffd) ||
  point >= 0x10000;

const xmlPart = (text: string): string =>
  Array.from(text)
    .filter((one) => isXml(one.codePointAt(0) ?? 0))
    .join('');

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('<', '>', '&', '"', "'", ']', '\r', '\n', '\t', '\0', '\ud800', 'a', ';', '#'),
  }),
);

describe('an element of XML', () => {
  it('gives every text and attribute back as it was, without what no document may hold', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, attribute) => {
        const document = element('title', { term: attribute, absent: null }, text);
        expect(read(document)).toEqual({
          text: xmlPart(text),
          attributes: { term: xmlPart(attribute) },
          elements: 1,
        });
        expect(Array.from(document).every((one) => isXml(one.codePointAt(0) ?? 0))).toBe(true);
        expect(document).not.toContain('\r');
      }),
    );
  });
});
