import { httpCause, type HttpCause } from '../../../core/causes.js';
import { dateOfItem, type ParsedItem } from '../../../core/items.js';
import type { TriedAnswer, TriedSource } from '../../../workers/try-source.js';
import type { Colours } from './colours.js';
import { renderTable } from './table.js';
import { plainText } from './text-width.js';
import { humanBytes, humanDuration } from './words.js';

interface TriedView {
  readonly width: number;
  readonly colours: Colours;
}

/** Items shown; the rest is counted. */
const ITEMS_SHOWN = 20;

/** What `holdfast source try` prints: the answer, what it was read as, and its items. */
export function renderTried(tried: TriedSource, view: TriedView): string[] {
  if (tried.kind === 'not_fetched') return failure(tried.cause, tried.detail, view);
  const { answer, outcome } = tried;
  const lines = [describeAnswer(answer)];
  if (answer.movedTo !== null) lines.push(`moved for good to ${plainText(answer.movedTo)}`);
  if (outcome.kind === 'failed') return [...lines, ...failure(outcome.cause, outcome.detail, view)];
  const { format, title, items, dropped, empty, isComplete } = outcome;
  const name = title === null ? '' : ` "${plainText(title)}"`;
  lines.push(`${format}${name}: ${items.length} ${items.length === 1 ? 'item' : 'items'}`);
  if (dropped > 0) lines.push(`${dropped} more items are beyond the limit and would be left out`);
  if (empty > 0) lines.push(`${empty} more ${empty === 1 ? 'has' : 'have'} no content and would be left out`);
  if (!isComplete) lines.push(view.colours.yellow('the document, or an item in it, ends too soon'));
  if (items.length === 0) return lines;
  const hidden = items.length - ITEMS_SHOWN;
  return [
    ...lines,
    '',
    ...renderItems(items.slice(0, ITEMS_SHOWN), view),
    ...(hidden > 0 ? [`and ${hidden} more`] : []),
  ];
}

function describeAnswer({ url, status, contentType, bytes, totalMs, hasValidators }: TriedAnswer): string {
  const facts = [
    ...(status === null ? [] : [`HTTP ${status}`]),
    ...(contentType === null ? [] : [plainText(contentType)]),
    humanBytes(bytes),
    ...(totalMs === null ? [] : [humanDuration(totalMs)]),
    ...(status === null || hasValidators
      ? []
      : ['no validators: fetched whole each time, so every: 15m or more is kind']),
  ];
  return `${plainText(url)}: ${facts.join(', ')}`;
}

function failure(cause: HttpCause | 'deferred', detail: string, { colours }: TriedView): string[] {
  const line = `${colours.red(cause)}: ${plainText(detail)}`;
  return cause === 'deferred' ? [line] : [line, httpCause(cause).action];
}

function renderItems(items: readonly ParsedItem[], { width, colours }: TriedView): string[] {
  return renderTable(
    items,
    [
      { title: 'DATE', value: (item) => (dateOfItem(item) ?? '').slice(0, 16).replace('T', ' ') },
      { title: 'TITLE', value: (item) => item.title ?? item.summary ?? '', flexible: true },
      { title: 'LINK', value: (item) => item.link ?? '', dropOrder: 1 },
    ],
    width,
    colours,
  );
}
