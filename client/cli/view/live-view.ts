import type { State } from '../../../core/states.js';
import type { InstanceSummary } from '../../library/list-instances.js';
import type { InstanceView } from '../../library/read-instance.js';
import type { Colours } from './colours.js';
import { renderInstances } from './instance-table.js';
import { renderHappening, type Happening } from './state-changes.js';
import { cutToCells } from './text-width.js';

/** What one frame of `watch` or `up` is made of. */
export interface LiveFrame {
  /** Plain lines at the top, e.g. where recordings go. */
  readonly header: readonly string[];
  readonly instances: readonly InstanceView[];
  /** Oldest first; the newest are shown as far as there is room. */
  readonly happenings: readonly Happening[];
  /** Why the picture is old, or null. */
  readonly problem: string | null;
  readonly width: number;
  readonly height: number;
  readonly nowMs: number;
  readonly colours: Colours;
}

/** Lines of the newest happenings are kept free even when the table could fill the screen. */
const HAPPENINGS_LINES_MIN = 3;
/** Titles, totals and two blank lines around the table. */
const FRAME_LINES = 4;

/** Those that need somebody come first when not all fit. */
const URGENCY: Readonly<Record<State, number>> = {
  error: 0,
  retrying: 1,
  degraded: 1,
  waiting_host: 2,
  waiting_signal: 2,
  stopping: 3,
  starting: 3,
  running: 4,
  waiting_live: 5,
  paused: 6,
  stopped: 7,
};

/** How many rows a screen of this height has. */
export function rowsFor(height: number, headerLines: number): number {
  return Math.max(1, height - headerLines - FRAME_LINES - HAPPENINGS_LINES_MIN);
}

/** The rows that fit: all in their order, or the most urgent ones. */
export function chooseRows<Row extends Pick<InstanceSummary, 'id' | 'state'>>(
  rows: readonly Row[],
  room: number,
): Row[] {
  if (rows.length <= room) return [...rows];
  return rows
    .toSorted((left, right) => URGENCY[left.state] - URGENCY[right.state] || left.id.localeCompare(right.id))
    .slice(0, room);
}

/** One frame, never higher or wider than the terminal. */
export function renderLiveFrame(frame: LiveFrame): string[] {
  const { colours } = frame;
  const header = frame.header.map((line) => cutToCells(line, frame.width));
  const rows = chooseRows(frame.instances, rowsFor(frame.height, header.length));
  const hidden = frame.instances.length - rows.length;
  const lines = [
    ...header.map((line) => colours.dim(line)),
    colours.bold(cutToCells(totals(frame.instances, hidden), frame.width)),
    '',
    ...(rows.length === 0 ? ['nothing is running'] : renderInstances(rows, frame)),
    '',
  ];
  if (frame.problem !== null) lines.push(colours.red(cutToCells(frame.problem, frame.width)));
  const room = Math.max(0, frame.height - lines.length);
  const happenings = room === 0 ? [] : frame.happenings.slice(-room);
  for (const happening of happenings) {
    const fitted = { ...happening, text: cutToCells(happening.text, roomForText(frame.width, happening)) };
    lines.push(renderHappening(fitted, frame.nowMs, colours));
  }
  return lines.slice(0, frame.height);
}

/** What a line has left beside time, id and state. */
function roomForText(width: number, happening: Happening): number {
  const timeCells = 21;
  const separators = 6;
  const { id, state, branch = '' } = happening;
  return Math.max(0, width - timeCells - id.length - branch.length - state.length - separators);
}

/** `12 instances: 10 running, 2 retrying`, with the number that is not shown. */
export function totals(instances: readonly InstanceView[], hidden: number): string {
  const counts = new Map<State, number>();
  for (const { state } of instances) counts.set(state, (counts.get(state) ?? 0) + 1);
  const parts = [...counts]
    .sort((left, right) => URGENCY[left[0]] - URGENCY[right[0]])
    .map(([state, count]) => `${count} ${state}`);
  const noun = instances.length === 1 ? 'instance' : 'instances';
  const rest = hidden > 0 ? ` (${hidden} not shown)` : '';
  return `${instances.length} ${noun}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}${rest}`;
}
