/** Longest foreign text that is looked at; what follows would be cut off anyway. */
const LENGTH_MAX = 20_000;

/** Control characters, and characters that turn or hide what stands after them (bidirectional overrides, lone surrogates). */
// oxlint-disable-next-line no-control-regex -- taking control characters out is what it is for
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]/g;
const LONE_SURROGATES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const INVISIBLE_ELEMENTS = /<(script|style)\b[^<>]*>[\s\S]*?(?:<\/\1\s*>|$)/gi;
const COMMENTS = /<!--[\s\S]*?(?:-->|$)/g;
const TAGS = /<\/?[a-z!?][^<>]*>/gi;
const ENTITIES = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi;
const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
};

/** Foreign text on one line, without anything that could disturb what stands around it. */
export function oneLine(text: string): string {
  return withoutUnprintable(text.slice(0, LENGTH_MAX)).replaceAll(/\s+/g, ' ').trim();
}

/** Foreign text with its lines, without anything that could disturb what stands around it. */
export function cleanText(text: string): string {
  return withoutUnprintable(text.slice(0, LENGTH_MAX).replaceAll(/\r\n?/g, '\n')).trim();
}

/** The words of a piece of HTML on one line. Text without markup stays as it is. */
export function htmlToLine(html: string): string {
  const words = html
    .slice(0, LENGTH_MAX)
    .replaceAll(INVISIBLE_ELEMENTS, ' ')
    .replaceAll(COMMENTS, ' ')
    .replaceAll(TAGS, ' ')
    .replaceAll(ENTITIES, decodeEntity);
  return oneLine(words);
}

function withoutUnprintable(text: string): string {
  return text.replaceAll(UNPRINTABLE, '').replaceAll(LONE_SURROGATES, '');
}

function decodeEntity(entity: string, decimal?: string, hexadecimal?: string, name?: string): string {
  if (name !== undefined) return NAMED_ENTITIES[name.toLowerCase()] ?? entity;
  const codePoint = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
  return codePoint > 0 && codePoint <= 0x10_ff_ff ? String.fromCodePoint(codePoint) : entity;
}
