/** What may not stand in an XML document at all, not even escaped. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // Unescaped, a reader turns it into a line break, or into a space within an attribute.
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** Text as it stands between tags: line breaks stay, everything else that means something is escaped. */
export function xmlText(text: string): string {
  return text.replaceAll(NOT_XML, '').replaceAll(/[&<>\r]/g, (character) => ESCAPES[character] ?? '');
}

/** An element on one line; attributes that are null are left out, and without a text it is empty. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | null>>,
  text: string | null = null,
): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === null ? [] : [` ${key}="${xmlAttribute(value)}"`],
  );
  const tag = `${name}${written.join('')}`;
  return text === null ? `<${tag}/>` : `<${tag}>${xmlText(text)}</${name}>`;
}

function xmlAttribute(text: string): string {
  return text.replaceAll(NOT_XML, '').replaceAll(/[&<>"\r\n\t]/g, (character) => ESCAPES[character] ?? '');
}
