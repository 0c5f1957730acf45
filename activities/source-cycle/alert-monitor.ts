import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import {
  describeAlerts,
  NO_ALERTS,
  stepGrouping,
  type AlertGroup,
  type Grouping,
  type SourceAlert,
} from '../../core/source-health/index.js';
import { ALL_SOURCES } from '../../core/source-cycle/index.js';
import type { Notification, SourceAlertEvent } from '../../core/notifications.js';
import type { GroupingFacts, SharedChange, Store } from '../../store/index.js';

/** Alerts wait for others for half a minute: looking more often would not send them sooner. */
const LOOK_EVERY_MS = 2_000;
/** Pause after the store itself has failed. */
const STORE_RETRY_MS = 10_000;

export interface AlertMonitor {
  close(): Promise<void>;
}

export interface AlertMonitorOptions {
  readonly store: Pick<Store, 'sources'>;
  readonly logger: Pick<Logger, 'warn'>;
}

/** Turns the alerts that cycles leave in the store into notifications. Any number of processes may do so for the same store. */
export function startAlertMonitor({ store, logger }: AlertMonitorOptions): AlertMonitor {
  const closing = new AbortController();
  const running = watch();
  return {
    close: async () => {
      closing.abort();
      await running;
    },
  };

  async function watch(): Promise<void> {
    while (!closing.signal.aborted) {
      let pauseMs = LOOK_EVERY_MS;
      try {
        await store.sources.groupAlerts((before, facts) => step(before, facts, Date.now()));
      } catch (error) {
        logger.warn(
          { error: (error as Error).message },
          'alerts about sources wait: the store cannot be used',
        );
        pauseMs = STORE_RETRY_MS;
      }
      await sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  }
}

/** What becomes of the alerts that wait, and what is to be sent about them. */
export function step(before: Grouping | null, facts: GroupingFacts, nowMs: number): SharedChange<Grouping> {
  const { grouping, groups } = stepGrouping(before ?? NO_ALERTS, { ...facts, nowMs });
  return { value: grouping, notifications: groups.map((group) => notificationOf(group, nowMs)) };
}

const EVENTS: Readonly<Record<SourceAlert['kind'], SourceAlertEvent>> = {
  down: 'source_down',
  up: 'source_up',
  rate_low: 'source_rate_low',
  rate_normal: 'source_rate_normal',
  silent: 'source_silent',
  silence_over: 'source_silence_over',
};

function notificationOf(group: AlertGroup, nowMs: number): Notification {
  const event = eventOf(group);
  const [first, ...others] = group.kind === 'alerts' ? group.alerts : [];
  const only = others.length === 0 ? first : undefined;
  return {
    // Recorded in the transaction that takes the alerts: it cannot come twice.
    id: `${ALL_SOURCES}:${event}:${nowMs}`,
    event,
    ...describeAlerts(group),
    instance: only === undefined ? ALL_SOURCES : `source/${only.source}`,
    branch: null,
    cause: only?.kind === 'down' ? only.cause : null,
    attempt: only?.kind === 'down' ? only.failures : null,
    time: new Date(nowMs).toISOString(),
  };
}

function eventOf(group: AlertGroup): SourceAlertEvent {
  switch (group.kind) {
    case 'most_down':
      return 'sources_down';
    case 'most_down_over':
      return 'sources_up';
    case 'alerts':
      return EVENTS[group.alerts[0].kind];
  }
}
