import type { InstanceView } from '../../library/read-instance.js';
import { detailOf } from './instance-table.js';
import { paintState, type Colours } from './colours.js';
import { plainText } from './text-width.js';
import { clockTime } from './words.js';

/** Something that happened between two snapshots, worth a line. */
export interface Happening {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly id: string;
  readonly kind: 'state' | 'incident' | 'gone';
  readonly state: InstanceView['state'];
  readonly text: string;
}

/** What happened between two snapshots: incidents, then new states; oldest first. */
export function happeningsBetween(
  before: readonly InstanceView[] | null,
  after: readonly InstanceView[],
  at: string,
): Happening[] {
  const known = new Map((before ?? []).map((instance) => [instance.id, instance]));
  const happenings = after.flatMap((instance) => [
    ...newIncidents(known.get(instance.id), instance),
    ...newState(known.get(instance.id), instance, at),
  ]);
  return happenings.sort((left, right) => left.at.localeCompare(right.at));
}

function newIncidents(before: InstanceView | undefined, after: InstanceView): Happening[] {
  if (after.status === null || before === undefined || before.status === null) return [];
  const sameExecution = before.status.startedAt === after.status.startedAt;
  const fresh = after.status.incidentCount - (sameExecution ? before.status.incidentCount : 0);
  return after.status.incidents.slice(0, Math.max(0, fresh)).map((incident) => ({
    at: incident.at,
    id: after.id,
    kind: 'incident',
    state: after.state,
    text: `${incident.branch}: ${incident.cause}, ${incident.detail}; ${incident.action}`,
  }));
}

function newState(before: InstanceView | undefined, after: InstanceView, at: string): Happening[] {
  if (before !== undefined && before.state === after.state && before.runId === after.runId) return [];
  const since = after.open ? (after.status?.since ?? at) : (after.closedAt ?? at);
  const text = after.open ? (after.status?.detail ?? '') : detailOf(after, Date.parse(at));
  return [{ at: since, id: after.id, kind: 'state', state: after.state, text }];
}

/** One line: time, instance, what happened. */
export function renderHappening(happening: Happening, nowMs: number, colours: Colours): string {
  const time = colours.dim(clockTime(happening.at, nowMs));
  const text = plainText(happening.text);
  if (happening.kind === 'incident')
    return `${time} ${colours.bold(happening.id)} ${colours.yellow('!')} ${text}`;
  const state = paintState(colours, happening.state, happening.state);
  return `${time} ${colours.bold(happening.id)} ${state}${text === '' || text === happening.state ? '' : `: ${text}`}`;
}
