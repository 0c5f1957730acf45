/** What a template may name. */
export const PLACEHOLDERS = ['title', 'link', 'date', 'summary', 'source'] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** A piece of a template: text as it stands, or the name of what comes there. */
export type TemplatePiece = { readonly text: string } | { readonly placeholder: Placeholder };

const BRACES = /\{([^{}\n]*)\}/g;

/** What a template may hold: completes the sentence "expected ...". */
export const TEMPLATE_ALLOWED = `a text with the placeholders ${PLACEHOLDERS.map((name) => `{${name}}`).join(', ')} and no others`;

/** Names in braces that no placeholder has, each once, in order of appearance. */
export function unknownPlaceholders(template: string): string[] {
  const names = [...template.matchAll(BRACES)].map((match) => match[1] ?? '');
  return [...new Set(names)].filter((name) => !isPlaceholder(name));
}

/** Takes one line of a template apart. Braces around an unknown name are text. */
export function piecesOf(line: string): TemplatePiece[] {
  const pieces: TemplatePiece[] = [];
  let textFrom = 0;
  for (const match of line.matchAll(BRACES)) {
    const name = match[1] ?? '';
    if (!isPlaceholder(name)) continue;
    pieces.push({ text: line.slice(textFrom, match.index) }, { placeholder: name });
    textFrom = match.index + match[0].length;
  }
  pieces.push({ text: line.slice(textFrom) });
  return pieces.filter((piece) => !('text' in piece) || piece.text !== '');
}

function isPlaceholder(name: string): name is Placeholder {
  return (PLACEHOLDERS as readonly string[]).includes(name);
}
