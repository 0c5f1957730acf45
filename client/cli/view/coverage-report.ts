import {
  BAR_CHARACTERS,
  barOf,
  type BarCell,
  type Coverage,
  type Gap,
} from '../../../core/manifest/index.js';
import type { BranchCoverage, OpenSegment, PendingGap, TogetherCoverage } from '../../recordings/index.js';
import type { Colours } from './colours.js';
import { counted, gapDuration, recordedShare } from './coverage-words.js';
import { renderTable } from './table.js';
import { plainText } from './text-width.js';
import { humanBytes, humanDuration } from './words.js';

/** The bar stays readable on a wide screen. */
const BAR_WIDTH_MAX = 100;
const BAR_WIDTH_MIN = 10;
/** The newest gaps are shown; `--json` has them all. */
const GAPS_SHOWN_MAX = 50;

export interface ReportView {
  readonly width: number;
  readonly colours: Colours;
}

/** The recording of one branch: range, bar, totals, gaps. */
export function renderBranchCoverage(instance: string, branch: BranchCoverage, view: ReportView): string[] {
  const title = view.colours.bold(`${instance} ${branch.branch}`);
  const faults = branch.faults.map((fault) =>
    view.colours.yellow(`  line ${fault.lineNumber} of the manifest: ${plainText(fault.problem)}`),
  );
  const open = [
    ...(branch.pending === null ? [] : [view.colours.yellow(pendingLine(branch.pending))]),
    ...(branch.open === null ? [] : [openLine(branch.open)]),
  ];
  if (branch.coverage === null) {
    const nothing = branch.open === null ? 'nothing recorded in this time' : 'no closed segment in this time';
    return [`${title}  ${nothing}`, ...open, ...faults];
  }
  const { coverage } = branch;
  return [
    `${title}  ${instant(coverage.fromMs)} to ${instant(coverage.toMs)}`,
    bar(coverage, view),
    totals(coverage, branch.pending !== null),
    ...open,
    ...gapLines(coverage.gaps, view),
    ...faults,
  ];
}

/** Several recordings of one instance: what at least one of them has, and sums. */
export function renderTogether(instance: string, together: TogetherCoverage, view: ReportView): string[] {
  const { fromMs, toMs, branches, recordedMs, missingMs, segments, frames, bytes } = together;
  const share = recordedShare({ missingMs, percent: 100 - (100 * missingMs) / (toMs - fromMs) });
  const missing = missingMs === 0 ? 'nothing is missing in all of them' : `${gapDuration(missingMs)} in none`;
  return [
    `${view.colours.bold(`${instance} together`)}  ${instant(fromMs)} to ${instant(toMs)}`,
    `${share} recorded (${humanDuration(recordedMs)}) in at least one of ${counted(branches, 'branch', 'branches')}, ${missing}; ${counted(segments, 'segment')}, ${counted(frames, 'frame')}, ${humanBytes(bytes)}`,
  ];
}

function openLine({ file, bytes, sinceMs, writtenMs }: OpenSegment): string {
  const writtenFor = humanDuration(Math.max(0, writtenMs - sinceMs));
  return `  open segment ${file}: ${humanBytes(bytes)} in ${writtenFor}, counted when it is closed`;
}

/** The newest gap, which has no line in the manifest yet. */
function pendingLine({ fromMs, toMs, durationMs, cause, evidence }: PendingGap): string {
  const why = `${cause}, ${plainText(evidence)}`;
  return toMs === null
    ? `  not recorded since ${instant(fromMs)} (${gapDuration(durationMs)}): ${why}`
    : `  ${gapDuration(durationMs)} missing since ${instant(fromMs)}, counted when the open segment is closed: ${why}`;
}

function bar(coverage: Coverage, view: ReportView): string {
  const width = Math.max(BAR_WIDTH_MIN, Math.min(BAR_WIDTH_MAX, view.width - 2));
  const cells = barOf(coverage, width).map((cell) => paintCell(cell, view.colours));
  return `▕${cells.join('')}▏`;
}

function paintCell(cell: BarCell, colours: Colours): string {
  const character = BAR_CHARACTERS[cell];
  switch (cell) {
    case 'full':
      return colours.green(character);
    case 'partial':
      return colours.yellow(character);
    case 'removed':
      return colours.dim(character);
    case 'gap':
      return colours.red(character);
  }
}

function totals(coverage: Coverage, missesMore: boolean): string {
  const { recordedMs, removedMs, missingMs, gaps, segments, frames, bytes } = coverage;
  const missing =
    gaps.length === 0
      ? `nothing missing${missesMore ? ' until then' : ''}`
      : `${gapDuration(missingMs)} missing in ${counted(gaps.length, 'gap')}`;
  const removed = removedMs === 0 ? '' : ` on disk, ${humanDuration(removedMs)} removed since`;
  return `${recordedShare(coverage)} recorded (${humanDuration(recordedMs)}${removed}), ${missing}; ${counted(segments, 'segment')}, ${counted(frames, 'frame')}, ${humanBytes(bytes)}`;
}

function gapLines(gaps: readonly Gap[], view: ReportView): string[] {
  if (gaps.length === 0) return [];
  const shown = gaps.slice(-GAPS_SHOWN_MAX);
  const older = gaps.length - shown.length;
  const table = renderTable(
    shown,
    [
      { title: 'FROM', value: (gap) => instant(gap.fromMs) },
      { title: 'MISSING', value: (gap) => gapDuration(gap.toMs - gap.fromMs), align: 'right' },
      {
        title: 'CAUSE',
        value: (gap) => gap.cause ?? 'unexplained',
        paint: (gap, text) => (gap.cause === 'stopped' ? view.colours.dim(text) : view.colours.yellow(text)),
      },
      { title: 'EVIDENCE', value: (gap) => gap.evidence, flexible: true },
    ],
    view.width,
    view.colours,
  );
  return older > 0 ? [...table, `and ${counted(older, 'older gap')}`] : table;
}

function instant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
