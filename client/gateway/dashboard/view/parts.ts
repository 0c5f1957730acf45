import { clockTime, humanSince } from '../../../cli/view/words.js';
import { h, type Child, type Element_ } from '../dom/node.js';
import type { Reading } from '../state/model.js';

/** Small parts that several panels have. */

/** A state as a word with its colour; the word alone says it all. */
export function stateBadge(state: string): Element_ {
  return h('span', { class: `state state-${state}` }, state.replaceAll('_', ' '));
}

/** An instant with how long ago it was. */
export function ago(iso: string, nowMs: number): Element_ {
  return h('time', { datetime: iso, title: iso }, `${humanSince(iso, nowMs)} ago`);
}

export function clock(iso: string, nowMs: number): Element_ {
  return h('time', { datetime: iso, title: iso }, clockTime(iso, nowMs));
}

/** How old a reading is where that matters, and why there is no newer one. */
export function readingNote(reading: Reading<unknown>, freshMs: number, nowMs: number): Child[] {
  const { atMs, problem } = reading;
  const old = atMs !== null && nowMs - atMs > freshMs;
  const age = atMs === null ? '' : `as of ${humanSince(new Date(atMs).toISOString(), nowMs)} ago`;
  return [
    ...(old && problem === null ? [h('p', { class: 'note' }, age)] : []),
    ...(problem === null ? [] : [h('p', { class: 'problem' }, `${problem}${age === '' ? '' : `; ${age}`}`)]),
  ];
}

/** A panel of the page with its heading. */
export function panel(id: string, title: string, ...content: readonly (Child | Child[])[]): Element_ {
  const heading = `${id}-heading`;
  return h(
    'section',
    { id, class: 'panel', key: id, 'aria-labelledby': heading, tabindex: '-1' },
    h('h2', { id: heading }, title),
    ...content,
  );
}

/** A table that may be wider than the page: it is scrolled by itself, by keyboard as well. */
export function table(
  label: string,
  titles: readonly string[],
  rows: readonly { readonly key: string; readonly cells: readonly (Child | Child[])[] }[],
): Element_ {
  return h(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': label, tabindex: '0' },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ...titles.map((title) => h('th', { scope: 'col' }, title)))),
      h(
        'tbody',
        {},
        rows.map(({ key, cells }) => h('tr', { key }, ...cells.map((cell) => h('td', {}, cell)))),
      ),
    ),
  );
}

export function empty(text: string): Element_ {
  return h('p', { class: 'empty' }, text);
}
