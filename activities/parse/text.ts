import { decodeHTMLStrict } from 'entities';
import { Parser } from 'htmlparser2';

/** Elements that people put into titles. Any other `<word>` there is text, as in `List<String>`. */
const TITLE_TAGS =
  /<\/?(?:a|abbr|b|big|br|cite|code|del|div|em|font|h[1-6]|i|img|ins|kbd|li|mark|p|pre|q|s|small|span|strike|strong|sub|sup|tt|u|wbr)(?:\s[^<>]*)?\/?>/gi;
const BREAKING_TAGS = /^<\/?(?:br|div|h[1-6]|li|p|pre)\b/i;
/** Elements that end a line of text. */
const BLOCKS: ReadonlySet<string> = new Set(
  'address article aside blockquote br caption dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table td th tr ul'.split(
    ' ',
  ),
);
/** How a text begins that is HTML, escaped once too often. */
const ESCAPED_TAG = /^\s*&lt;(?:a|b|br|div|em|figure|h[1-6]|i|img|ol|p|span|strong|table|ul)(?:\s|\/|&gt;)/i;
const UNSEEN: ReadonlySet<string> = new Set(['script', 'style', 'template', 'noscript', 'iframe']);
/** What a reader sees of a text at its beginning is enough for a title or a summary. */
const HTML_READ_CHARACTERS = 8_000;

/** Characters that XML forbids and that break programs further on. */
// oxlint-disable-next-line no-control-regex
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g;

export function withoutControlCharacters(text: string): string {
  return text.replace(CONTROL_CHARACTERS, '');
}

/** One line without control characters; null when nothing is left. */
export function oneLine(text: string | null | undefined, maxCharacters: number): string | null {
  const line = withoutControlCharacters(text ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  return line === '' ? null : clip(line, maxCharacters);
}

/** At most so many characters, with an ellipsis where something is missing, and no half characters. */
export function clip(text: string, maxCharacters: number): string {
  return text.length <= maxCharacters
    ? text
    : `${text.slice(0, maxCharacters - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** The text of a title that may hold markup, escaped once too often or not. */
export function titleText(title: string): string {
  const stripped = title
    .slice(0, HTML_READ_CHARACTERS)
    .replace(TITLE_TAGS, (tag) => (BREAKING_TAGS.test(tag) ? ' ' : ''));
  return decodeHTMLStrict(stripped);
}

/** What a reader sees of a summary: also where all of its HTML is escaped once too often. */
export function summaryText(html: string): string {
  const text = htmlText(html);
  return ESCAPED_TAG.test(html) && !html.includes('<') ? htmlText(text) : text;
}

/** What a reader sees of HTML, as text. Works on a limited part of long texts, in linear time. */
export function htmlText(html: string): string {
  const parts: string[] = [];
  let unseen = 0;
  const parser = new Parser({
    onopentagname: (name) => {
      if (UNSEEN.has(name)) unseen += 1;
      if (BLOCKS.has(name)) parts.push(' ');
    },
    ontext: (text) => {
      if (unseen === 0) parts.push(text);
    },
    onclosetag: (name) => {
      if (UNSEEN.has(name)) unseen -= 1;
      if (BLOCKS.has(name)) parts.push(' ');
    },
  });
  parser.end(html.slice(0, HTML_READ_CHARACTERS));
  return parts.join('');
}
