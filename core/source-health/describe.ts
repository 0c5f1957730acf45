import { formatDurationMs } from '../config/duration.js';
import type { Level } from '../notifications.js';
import type { AlertGroup } from './grouping.js';
import type { SourceAlert } from './watch.js';

/** What is sent about a group of alerts. */
export interface AlertText {
  readonly level: Level;
  readonly message: string;
  /** The decisive evidence, for the curious. */
  readonly detail: string;
}

/** Names in a message; more would hide it. The rest is counted. */
const NAMES_MAX = 10;

/** Level and text of a group of alerts. */
export function describeAlerts(group: AlertGroup): AlertText {
  switch (group.kind) {
    case 'most_down':
      return {
        level: 'error',
        message: `${group.down.length} of ${group.total} sources are down`,
        detail: listNames(group.down),
      };
    case 'most_down_over': {
      const { down, total } = group;
      const rest = down.length === 0 ? 'all are up' : `${down.length} still down: ${listNames(down)}`;
      return {
        level: 'success',
        message: `Most of the ${total} sources are up again, ${rest}`,
        detail: listNames(down),
      };
    }
    case 'alerts': {
      const [first, ...others] = group.alerts;
      return others.length === 0 ? describeOne(first) : describeSeveral(group.alerts);
    }
  }
}

/** Level and text of the notice that we are offline ourselves. */
export function describeOwnOutage(sinceMs: number, endedMs: number | null): AlertText {
  const since = new Date(sinceMs).toISOString();
  if (endedMs === null) {
    return {
      level: 'error',
      message: 'Most sites cannot be reached from here, sources are not blamed until that is over',
      detail: `offline since ${since}`,
    };
  }
  return {
    level: 'success',
    message: `Sites can be reached again after ${roughly(endedMs - sinceMs)}`,
    detail: `offline since ${since}; a source that still cannot be reached is down by itself`,
  };
}

const WORDS: Readonly<Record<SourceAlert['kind'], { readonly level: Level; readonly several: string }>> = {
  down: { level: 'error', several: 'sources are down' },
  up: { level: 'success', several: 'sources are up again' },
  rate_low: { level: 'warning', several: 'sources fail too often' },
  rate_normal: { level: 'success', several: 'sources succeed often enough again' },
  silent: { level: 'warning', several: 'sources have had nothing new for too long' },
  silence_over: { level: 'success', several: 'sources have something new again' },
};

function describeSeveral(alerts: readonly [SourceAlert, ...SourceAlert[]]): AlertText {
  const { level, several } = WORDS[alerts[0].kind];
  const names = listNames(alerts.map(({ source }) => source));
  return { level, message: `${alerts.length} ${several}: ${names}`, detail: names };
}

function describeOne(alert: SourceAlert): AlertText {
  const { level } = WORDS[alert.kind];
  return { level, ...textOf(alert) };
}

function textOf(alert: SourceAlert): Omit<AlertText, 'level'> {
  const { source } = alert;
  switch (alert.kind) {
    case 'down': {
      const times = `${alert.failures} failed cycle${alert.failures === 1 ? '' : 's'}`;
      const cause = (alert.cause ?? 'other').replaceAll('_', ' ');
      return { message: `Source ${source} is down after ${times}: ${cause}`, detail: alert.detail ?? '' };
    }
    case 'up':
      return { message: `Source ${source} is up again after ${roughly(alert.downForMs)}`, detail: '' };
    case 'rate_low':
      return {
        message: `Source ${source} succeeds in ${percent(alert.rate)} of its cycles`,
        detail: `expected ${percent(alert.minRate)} in 24 h`,
      };
    case 'rate_normal':
      return {
        message: `Source ${source} succeeds in ${percent(alert.rate)} of its cycles again`,
        detail: '',
      };
    case 'silent':
      return {
        message: `Source ${source} has had nothing new for ${roughly(alert.silentForMs)}`,
        detail: '',
      };
    case 'silence_over':
      return { message: `Source ${source} has something new again`, detail: '' };
  }
}

function listNames(names: readonly string[]): string {
  const more = names.length - NAMES_MAX;
  return `${names.slice(0, NAMES_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function percent(rate: number): string {
  return `${Math.floor(rate * 100)} %`;
}

/** Whole units of the size that matters: 45s, 12m, 3h, 4d. */
function roughly(ms: number): string {
  const unitMs = [86_400_000, 3_600_000, 60_000].find((size) => ms >= size * 2) ?? 1_000;
  return formatDurationMs(Math.max(Math.round(ms / unitMs), 1) * unitMs);
}
