import { Parser } from 'htmlparser2';
import { TreeBuilder } from './tree-builder.js';
import type { XmlElement } from './xml-element.js';

/**
 * Reads XML as it is met: entities of HTML, bare ampersands, wrong nesting and a missing end are all taken; an item of a feed
 * ends at the latest where the next one begins. Entities that the document itself defines are not resolved, so that none can grow.
 * @returns A root that stands for the document; its children are what is outermost.
 * @throws {ParseFailure} when the document is nested too deeply or too large.
 */
export function readXml(text: string, baseUrl: string): XmlElement {
  const builder = new TreeBuilder(text, baseUrl);
  const parser = new Parser(builder, { xmlMode: true, lowerCaseTags: true, decodeEntities: false });
  parser.write(text);
  builder.endOfText();
  parser.end();
  return builder.root;
}
