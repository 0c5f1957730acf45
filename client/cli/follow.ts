import type { Holdfast } from '../library/holdfast.js';
import type { Snapshot } from '../library/watch-instances.js';
import { coloursFor } from './view/colours.js';
import { LiveScreen } from './view/live-screen.js';
import { chooseRows, renderLiveFrame, rowsFor } from './view/live-view.js';
import { happeningsBetween, renderHappening, type Happening } from './view/state-changes.js';

/** Happenings kept for the live view; more than any terminal is high. */
const HAPPENINGS_KEPT = 200;

export interface FollowOptions {
  /** Only this instance. */
  readonly id?: string;
  readonly header: readonly string[];
  /** Ends the following. */
  readonly signal: AbortSignal;
  /** Redraw in place; otherwise one line for each happening. */
  readonly live: boolean;
}

/** Shows what happens until the signal is aborted: a live table in a terminal, plain lines elsewhere. */
export async function follow(holdfast: Holdfast, options: FollowOptions): Promise<void> {
  await (options.live ? followOnScreen(holdfast, options) : followInLines(holdfast, options));
}

/** True when output can be redrawn in place. */
export function canRedraw(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

async function followInLines(holdfast: Holdfast, options: FollowOptions): Promise<void> {
  const colours = coloursFor(process.stdout, process.env);
  let before: Snapshot | null = null;
  for await (const snapshot of holdfast.watch(watchOptions(options))) {
    if (snapshot.problem !== null && snapshot.problem !== before?.problem)
      process.stderr.write(`${snapshot.problem}\n`);
    for (const happening of happeningsBetween(before?.instances ?? null, snapshot.instances, snapshot.at)) {
      process.stdout.write(`${renderHappening(happening, Date.now(), colours)}\n`);
    }
    before = snapshot;
  }
}

async function followOnScreen(holdfast: Holdfast, options: FollowOptions): Promise<void> {
  const screen = new LiveScreen(process.stdout);
  const colours = coloursFor(process.stdout, process.env);
  const happenings: Happening[] = [];
  let snapshot: Snapshot | null = null;
  const draw = (): void => {
    const { instances = [], problem = null } = snapshot ?? {};
    const { width, height } = screen;
    const size = { width, height, nowMs: Date.now(), colours };
    screen.draw(renderLiveFrame({ header: options.header, instances, happenings, problem, ...size }));
  };
  const room = (): number => rowsFor(screen.height, options.header.length);
  screen.open();
  const offResize = screen.onResize(draw);
  try {
    for await (const next of holdfast.watch({
      ...watchOptions(options),
      visible: (listed) => chooseRows(listed, room()).map((summary) => summary.id),
    })) {
      happenings.push(...happeningsBetween(snapshot?.instances ?? null, next.instances, next.at));
      // Details arrive a moment after the index: what is learnt late still stands in its place.
      happenings.sort((left, right) => left.at.localeCompare(right.at));
      happenings.splice(0, happenings.length - HAPPENINGS_KEPT);
      snapshot = next;
      draw();
    }
  } finally {
    offResize();
    screen.close();
  }
}

function watchOptions(options: FollowOptions): { signal: AbortSignal; id?: string } {
  return { signal: options.signal, ...(options.id === undefined ? {} : { id: options.id }) };
}
