import type { SourceAlert } from './watch.js';

/** Alerts that came together become one message. */
export type AlertGroup =
  | { readonly kind: 'alerts'; readonly alerts: readonly [SourceAlert, ...SourceAlert[]] }
  | { readonly kind: 'most_down'; readonly down: readonly string[]; readonly total: number }
  | { readonly kind: 'most_down_over'; readonly down: readonly string[]; readonly total: number };

/** Alerts on their way. Plain data. */
export interface Grouping {
  readonly pending: readonly SourceAlert[];
  /** When the oldest of them came; null without any. Epoch milliseconds. */
  readonly pendingSinceMs: number | null;
  /** True from the message that most sources are down until the one that this is over. */
  readonly mostDown: boolean;
}

export const NO_ALERTS: Grouping = { pending: [], pendingSinceMs: null, mostDown: false };

export interface GroupingInput {
  readonly nowMs: number;
  readonly alerts: readonly SourceAlert[];
  /** Sources that are down now. */
  readonly down: readonly string[];
  /** Number of sources that are watched. */
  readonly total: number;
}

export interface GroupingStep {
  readonly grouping: Grouping;
  /** To be sent now. */
  readonly groups: readonly AlertGroup[];
  /** When to ask again although nothing new came; null: not before the next alert. */
  readonly wakeAtMs: number | null;
}

/** Alerts that come within this time are one message. */
export const GROUP_WITHIN_MS = 30_000;
/** Fewer sources are named each by itself. */
const MOST_DOWN_MIN = 3;

/**
 * Takes alerts in and says what to send. Alerts wait for up to 30 s for others; a source that went down and came back meanwhile is not
 * mentioned. While more than half of the sources are down there is one message for all of them.
 */
export function stepGrouping(before: Grouping, input: GroupingInput): GroupingStep {
  const pending = withoutOpposites([...before.pending, ...input.alerts]);
  const pendingSinceMs = pending.length === 0 ? null : (before.pendingSinceMs ?? input.nowMs);
  const mostDown = input.down.length >= MOST_DOWN_MIN && input.down.length * 2 > input.total;
  const dueMs = pendingSinceMs === null ? null : pendingSinceMs + GROUP_WITHIN_MS;
  const isDue = dueMs === null ? before.mostDown && !mostDown : input.nowMs >= dueMs;
  if (!isDue) {
    return { grouping: { pending, pendingSinceMs, mostDown: before.mostDown }, groups: [], wakeAtMs: dueMs };
  }
  return {
    grouping: { ...NO_ALERTS, mostDown },
    groups: groupsOf(pending, before.mostDown, mostDown, input),
    wakeAtMs: null,
  };
}

function groupsOf(
  pending: readonly SourceAlert[],
  wereMostDown: boolean,
  areMostDown: boolean,
  { down, total }: GroupingInput,
): AlertGroup[] {
  const parent: AlertGroup[] = [];
  if (areMostDown && !wereMostDown) parent.push({ kind: 'most_down', down, total });
  if (!areMostDown && wereMostDown) parent.push({ kind: 'most_down_over', down, total });
  const spoken = areMostDown || wereMostDown;
  const rest = spoken ? pending.filter((alert) => !isUpOrDown(alert)) : pending;
  return [...parent, ...byKind(rest)];
}

function byKind(alerts: readonly SourceAlert[]): AlertGroup[] {
  const kinds = new Map<SourceAlert['kind'], [SourceAlert, ...SourceAlert[]]>();
  for (const alert of alerts) {
    const known = kinds.get(alert.kind);
    if (known === undefined) kinds.set(alert.kind, [alert]);
    else known.push(alert);
  }
  return [...kinds.values()].map((ofKind) => ({ kind: 'alerts', alerts: ofKind }));
}

const OPPOSITE: Readonly<Record<SourceAlert['kind'], SourceAlert['kind']>> = {
  down: 'up',
  up: 'down',
  rate_low: 'rate_normal',
  rate_normal: 'rate_low',
  silent: 'silence_over',
  silence_over: 'silent',
};

/** An alert and its opposite about the same source cancel each other; that also bounds what is kept. */
function withoutOpposites(alerts: readonly SourceAlert[]): SourceAlert[] {
  const kept = new Map<string, SourceAlert>();
  for (const alert of alerts) {
    const opposite = `${OPPOSITE[alert.kind]} ${alert.source}`;
    if (!kept.delete(opposite)) kept.set(`${alert.kind} ${alert.source}`, alert);
  }
  return [...kept.values()];
}

function isUpOrDown({ kind }: SourceAlert): boolean {
  return kind === 'up' || kind === 'down';
}
