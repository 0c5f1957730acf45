import type { State } from '../../../core/states.js';
import type { BranchView, InstanceView } from '../../library/read-instance.js';
import { detailOf } from './instance-words.js';
import { paintState, type Colours } from './colours.js';
import { plainText } from './text-width.js';
import { clockTime } from './words.js';

/** Something that happened between two snapshots, worth a line. */
export interface Happening {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly id: string;
  readonly kind: 'state' | 'incident' | 'branch';
  readonly state: InstanceView['state'];
  /** The branch, where one of several has a new state. */
  readonly branch?: string;
  readonly text: string;
}

/** What happened between two snapshots: incidents, new states, and those of single branches; oldest first. */
export function happeningsBetween(
  before: readonly InstanceView[] | null,
  after: readonly InstanceView[],
  at: string,
): Happening[] {
  const known = new Map((before ?? []).map((instance) => [instance.id, instance]));
  const happenings = after.flatMap((instance) => {
    const last = known.get(instance.id);
    const branches = newBranchStates(last, instance, at);
    return [
      ...newIncidents(last, instance),
      ...newState(last, instance, at).map((state) => withoutRepetition(state, branches)),
      ...branches,
    ];
  });
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

/** What the line of a branch says in full need not stand in that of its instance too. */
function withoutRepetition(state: Happening, branches: readonly Happening[]): Happening {
  const repeated = branches.some(({ text }) => text !== '' && state.text.includes(text));
  return repeated ? { ...state, text: '' } : state;
}

/** New states of single branches, where there are several and the instance's own state does not say the same. */
function newBranchStates(before: InstanceView | undefined, after: InstanceView, at: string): Happening[] {
  const known = before?.status == null ? [] : before.branches;
  if (Math.max(known.length, after.branches.length) < 2) return [];
  const toldAlready = known.length > 0 && before?.state === after.state ? null : after.state;
  return [...goneBranches(known, after, at), ...changedBranches(known, after, toldAlready)];
}

/** An output that was removed while live. */
function goneBranches(known: readonly BranchView[], after: InstanceView, at: string): Happening[] {
  if (!after.open || after.status === null) return [];
  return known
    .filter(({ name }) => !after.branches.some((branch) => branch.name === name))
    .map(({ name }) => ({
      at,
      id: after.id,
      kind: 'branch',
      state: 'stopped',
      branch: name,
      text: 'removed',
    }));
}

function changedBranches(
  known: readonly BranchView[],
  after: InstanceView,
  toldAlready: State | null,
): Happening[] {
  return after.branches
    .filter(({ name, state }) => {
      const last = known.find((branch) => branch.name === name);
      return last?.state !== state && state !== toldAlready;
    })
    .map(({ name, state, since, detail }) => ({
      at: since,
      id: after.id,
      kind: 'branch',
      state,
      branch: name,
      text: detail,
    }));
}

/** One line: time, instance, what happened. */
export function renderHappening(happening: Happening, nowMs: number, colours: Colours): string {
  const time = colours.dim(clockTime(happening.at, nowMs));
  const text = plainText(happening.text);
  if (happening.kind === 'incident')
    return `${time} ${colours.bold(happening.id)} ${colours.yellow('!')} ${text}`;
  const state = paintState(colours, happening.state, happening.state);
  const who = `${colours.bold(happening.id)}${happening.branch === undefined ? '' : ` ${happening.branch}`}`;
  const said = text === '' || text === happening.state;
  if (happening.branch === undefined) return `${time} ${who} ${state}${said ? '' : `: ${text}`}`;
  return `${time} ${who}: ${state}${said ? '' : ` (${text})`}`;
}
