/**
 * `${env:NAME}` may stand unquoted anywhere, also inside `{ }` and `[ ]`, where YAML would read its braces as a mapping.
 * Its braces are hidden from the parser behind characters of the same width, so that lines and columns stay right.
 */
const REFERENCE = /\$\{([^{}\s,"']*)\}/g;
const HIDDEN_REFERENCE = /\$\uE000([^\uE000\uE001]*)\uE001/g;

/** Hides the braces of references from the YAML parser. */
export function hideReferences(text: string): string {
  return text.replace(REFERENCE, '$\uE000$1\uE001');
}

/** Gives the braces of hidden references back. */
export function showReferences(text: string): string {
  return text.replace(HIDDEN_REFERENCE, '${$1}');
}
