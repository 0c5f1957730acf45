import { htmlToLine, oneLine } from './plain-text.js';
import { piecesOf, type Placeholder, type TemplatePiece } from './template.js';
import { charactersOf, largestThat, shorten, type TextLimit } from './text-limit.js';

/** What of an item an announcement may say. Foreign text: nothing in it is trusted. */
export interface AnnouncedItem {
  readonly title: string | null;
  readonly url: string | null;
  /** ISO 8601. */
  readonly published: string | null;
  /** Text or HTML. */
  readonly summary: string | null;
}

/** Longest title and summary of any announcement: it is meant to make people follow the link. */
const TITLE_MAX = 300;
const SUMMARY_MAX = 1_000;
/** Longest link that is passed on; a longer one is not meant for people. */
const LINK_MAX = 2_000;
/** Longest announcement for a target without a limit of its own. */
const TEXT_MAX = 4_000;

/** Limit of a target that has none of its own. */
export const DEFAULT_TEXT_LIMIT: TextLimit = { max: TEXT_MAX, measure: charactersOf };

/** What gives way, in this order, when a text is too long. The link stays whole for as long as it can. */
const SHORTENED_FIRST = ['summary', 'title'] as const;

type Values = Readonly<Record<Placeholder, string>>;

/**
 * The plain text that announces an item. Values are put in once: braces in them stay text. A line whose placeholders
 * all are empty is left out. Never empty: without any value it names the source.
 */
export function renderAnnouncement(
  template: string,
  item: AnnouncedItem,
  source: string,
  limit: TextLimit = DEFAULT_TEXT_LIMIT,
): string {
  const lines = template.split('\n').map(piecesOf);
  const values = fit(lines, valuesOf(item, source), limit);
  const rendered = fill(lines, values);
  const text = rendered === '' ? values.link || values.title || values.summary || values.source : rendered;
  return shorten(text, limit);
}

/** Shortens values until the text fits: the summary first, then the title. */
function fit(lines: readonly TemplatePiece[][], values: Values, limit: TextLimit): Values {
  const fits = (candidate: Values): boolean => limit.measure(fill(lines, candidate)) <= limit.max;
  let fitted = values;
  for (const name of SHORTENED_FIRST) {
    if (fits(fitted)) return fitted;
    const at = (length: number): Values => ({
      ...fitted,
      [name]: shorten(fitted[name], { max: length, measure: charactersOf }),
    });
    fitted = at(largestThat(fitted[name].length, (length) => fits(at(length))));
  }
  return fitted;
}

function fill(lines: readonly TemplatePiece[][], values: Values): string {
  return lines
    .filter((pieces) => !isEmptied(pieces, values))
    .map((pieces) =>
      pieces.map((piece) => ('text' in piece ? piece.text : values[piece.placeholder])).join(''),
    )
    .join('\n')
    .trim();
}

/** True for a line that has placeholders, none of which has a value, and no words of its own. */
function isEmptied(pieces: readonly TemplatePiece[], values: Values): boolean {
  const placeholders = pieces.flatMap((piece) => ('placeholder' in piece ? [piece.placeholder] : []));
  const words = pieces.some((piece) => 'text' in piece && /[\p{L}\p{N}]/u.test(piece.text));
  return placeholders.length > 0 && !words && placeholders.every((name) => values[name] === '');
}

function valuesOf(item: AnnouncedItem, source: string): Values {
  return {
    title: shorten(oneLine(item.title ?? ''), { max: TITLE_MAX, measure: charactersOf }),
    link: linkOf(item.url ?? ''),
    date: dateOf(item.published ?? ''),
    summary: shorten(htmlToLine(item.summary ?? ''), { max: SUMMARY_MAX, measure: charactersOf }),
    source: oneLine(source),
  };
}

/** A link that people can follow safely, or nothing. */
function linkOf(url: string): string {
  const link = oneLine(url);
  return /^https?:\/\/[^\s]+$/i.test(link) && link.length <= LINK_MAX ? link : '';
}

/** `2026-01-02 03:04 UTC`, or nothing when it is no date. */
function dateOf(published: string): string {
  const at = Date.parse(published);
  if (Number.isNaN(at)) return '';
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
