import { counted, gapDuration, recordedShare } from '../../../cli/view/coverage-words.js';
import { clockTime, humanBytes, humanDuration } from '../../../cli/view/words.js';
import { h, type Child, type Element_ } from '../dom/node.js';
import { marksOf, type Mark } from '../state/coverage-marks.js';
import type { CoverageDocument, Listed, Model } from '../state/model.js';
import type { ViewContext } from './handlers.js';
import { readingNote } from './parts.js';

type Branch = CoverageDocument['branches'][number];
/** One of something recorded. */
type Recorded = Extract<Branch, { recordedMs: number }>;

/** Coverage is read this often while it is seen; older than twice that is said. */
export const COVERAGE_EVERY_MS = 15_000;
/** Newest gaps that are listed. */
const GAPS_LISTED = 50;

/** What of a recording is there and what is missing, for each branch that records. */
export function coverageOf({ id, kind }: Listed, model: Model, context: ViewContext): Element_ | null {
  const { nowMs } = context;
  if (kind === 'source') return null;
  const reading = model.coverage.get(id);
  const branches = reading?.value?.branches ?? [];
  return h(
    'div',
    { class: 'coverage', key: 'coverage', 'data-coverage': id },
    branches.map((branch) => branchCoverage(id, branch, { ...context, model })),
    reading === undefined ? null : readingNote(reading, 2 * COVERAGE_EVERY_MS, nowMs),
  );
}

function branchCoverage(id: string, branch: Branch, view: BarView): Element_ {
  const { nowMs } = view;
  const open = branch.open === null ? '' : `; ${humanBytes(branch.open.bytes)} in the open segment`;
  if (!isRecorded(branch)) {
    return h('p', { key: branch.branch, class: 'note' }, `${branch.branch}: no closed segment yet${open}`);
  }
  const summary = `${branch.branch}: ${summaryOf(branch)}`;
  return h(
    'div',
    { key: branch.branch, class: 'coverage-branch' },
    h('p', { class: 'coverage-words' }, `${summary}${open}`),
    bar(`${id}, ${branch.branch}`, marksOf(branch), summary, view),
    h(
      'p',
      { class: 'coverage-range', 'aria-hidden': 'true' },
      h('span', {}, clockTime(branch.from, nowMs)),
      h('span', {}, clockTime(branch.to, nowMs)),
    ),
    gapDetails(branch, nowMs),
  );
}

interface BarView extends ViewContext {
  readonly model: Model;
}

function isRecorded(branch: Branch): branch is Recorded {
  return branch.from !== null;
}

export function summaryOf(branch: Recorded): string {
  const { missingMs, percent, recordedMs, removedMs, gaps, segments } = branch;
  const missing =
    gaps.length === 0
      ? 'nothing missing'
      : `${gapDuration(missingMs)} missing in ${counted(gaps.length, 'gap')}`;
  const removed = removedMs === 0 ? '' : `, ${humanDuration(removedMs)} of it removed since`;
  return `${recordedShare({ missingMs, percent })} recorded (${humanDuration(recordedMs)}${removed}), ${missing}; ${counted(segments, 'segment')}`;
}

/** A gap in words. */
export function gapWords(gap: Recorded['gaps'][number], nowMs: number): string {
  return `${clockTime(gap.from, nowMs)}, ${gapDuration(gap.durationMs)} missing: ${gap.cause ?? 'unexplained'}${gap.evidence === '' ? '' : `, ${gap.evidence}`}`;
}

/**
 * The bar: the pointer shows what a mark is, the arrow keys go from gap to gap, and the words above and the list below say
 * the same.
 */
function bar(name: string, marks: readonly Mark[], summary: string, view: BarView): Child[] {
  const { nowMs, model, handlers } = view;
  const words = marks.flatMap(({ gap }) => (gap === null ? [] : [gapWords(gap, nowMs)]));
  const shown = model.shownGap?.bar === name ? Math.min(model.shownGap.index, words.length - 1) : null;
  if (words.length === 0) {
    const label = `Coverage of ${name}. ${summary}`;
    return [h('div', { class: 'bar', role: 'img', 'aria-label': label }, drawing(marks, null, nowMs))];
  }
  const move = (event: KeyboardEvent): void => {
    const index = placeAfter(event.key, shown ?? 0, words.length);
    if (index === null) return;
    event.preventDefault();
    handlers.onShowGap({ bar: name, index });
  };
  return [
    h(
      'div',
      {
        class: 'bar',
        role: 'slider',
        tabindex: '0',
        'aria-label': `Gaps of ${name}`,
        'aria-valuemin': 1,
        'aria-valuemax': words.length,
        'aria-valuenow': (shown ?? 0) + 1,
        'aria-valuetext': words[shown ?? 0],
        keydown: (event) => move(event as KeyboardEvent),
        focus: () => handlers.onShowGap({ bar: name, index: shown ?? 0 }),
        blur: () => handlers.onShowGap(null),
      },
      drawing(marks, shown, nowMs),
    ),
    h('p', { class: 'shown-gap', 'aria-hidden': 'true' }, shown === null ? '' : (words[shown] ?? '')),
  ];
}

function drawing(marks: readonly Mark[], shown: number | null, nowMs: number): Element_ {
  let gaps = 0;
  const rectangles = marks.map((mark) => {
    const isShown = mark.gap !== null && gaps++ === shown;
    const { x, width, kind } = mark;
    return h(
      'rect',
      { class: `mark mark-${kind}${isShown ? ' mark-shown' : ''}`, x, y: 0, width, height: 10 },
      h('title', {}, mark.gap === null ? kind : gapWords(mark.gap, nowMs)),
    );
  });
  const size = { viewBox: '0 0 1000 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' };
  return h('svg', size, rectangles);
}

/** Where an arrow key leads; null for other keys. */
export function placeAfter(key: string, now: number, count: number): number | null {
  const places: Readonly<Record<string, number>> = {
    ArrowRight: now + 1,
    ArrowUp: now + 1,
    ArrowLeft: now - 1,
    ArrowDown: now - 1,
    Home: 0,
    End: count - 1,
  };
  const place = places[key];
  return place === undefined ? null : Math.min(Math.max(place, 0), count - 1);
}

/** Every gap in words, for those who do not see the bar. */
function gapDetails({ gaps }: Recorded, nowMs: number): Element_ | null {
  if (gaps.length === 0) return null;
  const newest = gaps.slice(-GAPS_LISTED).toReversed();
  const older = gaps.length - newest.length;
  return h(
    'details',
    { key: 'gaps' },
    h('summary', {}, counted(gaps.length, 'gap')),
    h(
      'ul',
      { class: 'gaps' },
      newest.map((gap) => h('li', { key: gap.from }, gapWords(gap, nowMs))),
      older > 0 && h('li', { key: 'older' }, `and ${counted(older, 'older gap')}`),
    ),
  );
}
