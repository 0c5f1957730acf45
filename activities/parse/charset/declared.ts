/** XML declarations and `meta` elements stand at the beginning; browsers look no further. */
const DECLARATION_BYTES = 1_024;

const XML_DECLARATION = /^\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']\s*([\w.:-]{1,40})/i;
const META = /<meta\s[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]{1,40})/i;
const CHARSET_PARAMETER = /charset\s*=\s*["']?\s*([\w.:-]{1,40})/i;

/** The character set that the `Content-Type` names. */
export function charsetOfHeader(contentType: string | null): string | null {
  return CHARSET_PARAMETER.exec(contentType ?? '')?.[1] ?? null;
}

/** The character set that an XML declaration or a `meta` element names. */
export function charsetOfDocument(bytes: Buffer): string | null {
  const beginning = bytes.subarray(0, DECLARATION_BYTES).toString('latin1');
  const label = XML_DECLARATION.exec(beginning)?.[1] ?? META.exec(beginning)?.[1] ?? null;
  // A declaration that can be read byte by byte is not in UTF-16, whatever it says.
  return label !== null && /^utf-?(?:16|32)/i.test(label) ? 'utf-8' : label;
}

/** The character set that the first bytes give away: a byte order mark, or zeros in every other byte. */
export function charsetOfFirstBytes(
  bytes: Buffer,
): { readonly charset: string; readonly isMark: boolean } | null {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { charset: 'utf-8', isMark: true };
  if (a === 0xff && b === 0xfe) return { charset: 'utf-16le', isMark: true };
  if (a === 0xfe && b === 0xff) return { charset: 'utf-16be', isMark: true };
  if (a === 0x3c && b === 0 && c !== 0 && d === 0) return { charset: 'utf-16le', isMark: false };
  if (a === 0 && b === 0x3c && c === 0 && d !== 0) return { charset: 'utf-16be', isMark: false };
  return null;
}
