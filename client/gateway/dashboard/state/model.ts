import type { JobView } from '../../../../core/jobs/view.js';
import type { StoredNotification } from '../../../../store/stored-notification.js';
import type { InstanceSummary } from '../../../library/list-instances.js';
import type { InstanceView } from '../../../library/read-instance.js';
import type { coverageDocument } from '../../../recordings/coverage-document.js';
import type { EventPlace } from '../../events/event-words.js';
import type { HealthDocument } from '../../health/health-schemas.js';

/** An instance as it is listed; beyond the first hundred there are no details. */
export type Listed = InstanceSummary & Partial<InstanceView>;

export type CoverageDocument = ReturnType<typeof coverageDocument>;

/** Something that is read again and again; what was read last stays when it cannot be read. */
export interface Reading<Value> {
  readonly value: Value | null;
  /** When that was read, in epoch milliseconds of this machine. */
  readonly atMs: number | null;
  /** Why the newest attempt failed. */
  readonly problem: string | null;
}

export const UNREAD: Reading<never> = { value: null, atMs: null, problem: null };

/** A picture of an instance that the page has fetched. */
export interface ShownPicture {
  /** Of the blob that it is kept in. */
  readonly address: string;
  readonly takenAtMs: number;
}

/** What became of a press on a button. */
export interface ActionState {
  readonly state: 'running' | 'done' | 'failed';
  readonly message: string;
}

/** A job with what its own stream has told beyond that. */
export interface ShownJob {
  readonly view: JobView;
  /** The end of the text that was written. */
  readonly text: string;
  /** The newest word of its log. */
  readonly lastLog: string;
  /** Its stream is broken off at present; why. */
  readonly problem: string | null;
}

export interface About {
  readonly version: string;
  readonly namespace: string;
  readonly uiUrl: string | null;
}

export interface Away {
  readonly message: string;
  readonly since: string;
}

export interface Filter {
  text: string;
  kind: string;
  state: string;
}

/** Everything that is shown. */
export interface Model {
  connection: 'connecting' | 'live' | 'lost';
  /** Since when it is as it is, in epoch milliseconds. */
  connectionSinceMs: number;
  connectionProblem: string;
  about: About | null;
  /** Places that the gateway itself cannot read. */
  readonly away: Map<EventPlace, Away>;
  instances: Reading<ReadonlyMap<string, Listed>>;
  readonly coverage: Map<string, Reading<CoverageDocument>>;
  readonly pictures: Map<string, Reading<ShownPicture>>;
  health: Reading<HealthDocument>;
  /** Newest first. */
  notifications: readonly StoredNotification[];
  /** Some notifications were never seen here. */
  notificationsMissed: boolean;
  readonly jobs: Map<string, ShownJob>;
  readonly actions: Map<string, ActionState>;
  readonly filter: Filter;
  /** How far back coverage is shown. */
  coverageSince: string;
  /** The gap that the keyboard is at, and on which bar. */
  shownGap: { readonly bar: string; readonly index: number } | null;
  jobKind: JobView['kind'];
}

export function emptyModel(nowMs: number): Model {
  return {
    connection: 'connecting',
    connectionSinceMs: nowMs,
    connectionProblem: '',
    about: null,
    away: new Map(),
    instances: UNREAD,
    coverage: new Map(),
    pictures: new Map(),
    health: UNREAD,
    notifications: [],
    notificationsMissed: false,
    jobs: new Map(),
    actions: new Map(),
    filter: { text: '', kind: '', state: '' },
    coverageSince: '24h',
    shownGap: null,
    jobKind: 'digest',
  };
}
