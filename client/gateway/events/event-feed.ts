import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { JobView } from '../../../core/jobs/index.js';
import type { StoredNotification } from '../../../store/index.js';
import { frameOf } from '../../follow/wire.js';
import type { InstanceSummary } from '../../library/list-instances.js';
import { FrameWindow } from '../streams/frame-window.js';
import type { StreamClient } from '../streams/stream-client.js';
import { StreamClients, type StreamOptions } from '../streams/stream-clients.js';
import type { ClientPosition, Recovery, StreamFacts } from '../streams/stream-facts.js';
import { EVENT_PLACES, type EventPlace, type LiveEvent } from './event-words.js';
import { changesById } from './changes-by-id.js';
import { KeptNotifications } from './kept-notifications.js';
import { JOBS_TOLD, NOTIFICATIONS_KEPT } from './limits.js';
import { Looker } from './looker.js';

/** Where the feed looks. */
export interface EventFeedSource {
  listInstances(): Promise<readonly InstanceSummary[]>;
  /** The newest first. */
  listJobs(limit: number): Promise<readonly JobView[]>;
  /** After a sequence number, oldest first; null asks for the newest, newest first. */
  listNotifications(after: number | null, limit: number): Promise<readonly StoredNotification[]>;
}

/**
 * Notifications and states as they change, for any number of clients: one look a second at each place, and none while nobody
 * listens.
 */
export class EventFeed implements StreamFacts {
  readonly window = new FrameWindow();
  readonly over = false;
  readonly farewell = '';
  readonly polls = 0;

  private readonly streams: StreamClients;
  private readonly clients = new Set<StreamClient>();
  private readonly notifications = new KeptNotifications();
  private readonly lookers: readonly Looker[];
  private jobs: readonly JobView[] | null = null;
  private instances: readonly InstanceSummary[] | null = null;
  private notificationsRead = false;

  constructor(
    private readonly source: EventFeedSource,
    private readonly nowMs: () => number,
    options: Partial<StreamOptions> = {},
  ) {
    this.streams = new StreamClients(nowMs, options);
    const looks: Record<EventPlace, () => Promise<void>> = {
      server: () => this.lookAtInstances(),
      store: () => this.lookAtNotifications(),
      jobs: () => this.lookAtJobs(),
    };
    this.lookers = EVENT_PLACES.map((place) => this.looker(place, looks[place]));
  }

  /** No further stream is served at present. */
  get full(): boolean {
    return this.streams.full;
  }

  /**
   * Makes a response a stream of events.
   * @param after sequence number of the last notification that the client has seen; null for none
   */
  async serve(response: ServerResponse, headers: OutgoingHttpHeaders, after: number | null): Promise<void> {
    this.watch();
    await Promise.all(this.lookers.map(({ firstLook }) => firstLook));
    const opening = { facts: this, cursor: this.window.last, greeting: this.greeting(after) };
    const client = this.streams.add(response, headers, opening, (gone) => {
      this.clients.delete(gone);
      if (this.clients.size === 0) this.rest();
    });
    this.clients.add(client);
    // The last of the others may have gone meanwhile.
    this.watch();
  }

  /** A client that reads too slowly for what happens begins anew. */
  recover({ cursor }: ClientPosition): Recovery | null {
    if (cursor + 1 >= this.window.first) return null;
    return { cursor: this.window.last, frame: this.greeting(this.notifications.last) };
  }

  close(): void {
    this.rest();
    this.streams.close();
  }

  private looker(place: EventPlace, look: () => Promise<void>): Looker {
    return new Looker(look, {
      onAway: (error) => this.tell(this.awayOf(place, error)),
      onBack: () => this.tell({ type: 'back', place }),
    });
  }

  private awayOf(place: EventPlace, error: unknown): LiveEvent {
    const message = error instanceof Error ? error.message : String(error);
    return { type: 'away', place, message, since: new Date(this.nowMs()).toISOString() };
  }

  private watch(): void {
    for (const looker of this.lookers) looker.start();
  }

  private rest(): void {
    for (const looker of this.lookers) looker.stop();
  }

  private async lookAtInstances(): Promise<void> {
    const found = await this.source.listInstances();
    const { changed, gone } = changesById(this.instances ?? found, found);
    this.instances = found;
    for (const instance of changed) this.tell({ type: 'instance', instance });
    for (const id of gone) this.tell({ type: 'instance_gone', id });
  }

  /** One that is no longer among the newest is not gone. */
  private async lookAtJobs(): Promise<void> {
    const found = await this.source.listJobs(JOBS_TOLD);
    const { changed } = changesById(this.jobs ?? found, found);
    this.jobs = found;
    for (const job of changed) this.tell({ type: 'job', job });
  }

  private async lookAtNotifications(): Promise<void> {
    if (!this.notificationsRead) {
      const newest = await this.source.listNotifications(null, NOTIFICATIONS_KEPT);
      this.notifications.add(newest.toReversed());
      this.notificationsRead = true;
      return;
    }
    const found = await this.source.listNotifications(this.notifications.last, NOTIFICATIONS_KEPT);
    this.notifications.add(found);
    for (const notification of found) this.tell({ type: 'notification', notification });
  }

  private tell(event: LiveEvent): void {
    this.window.push(frameOfEvent(event));
    for (const client of this.clients) client.pump();
  }

  /** All that a client needs to know that comes now. */
  private greeting(after: number | null): string {
    const { list, missed } = this.notifications.after(after);
    const events: LiveEvent[] = [
      ...(missed ? [{ type: 'notifications_missed' } as const] : []),
      ...list.map((notification): LiveEvent => ({ type: 'notification', notification })),
      ...(this.jobs === null ? [] : [{ type: 'jobs', jobs: this.jobs } as const]),
      ...(this.instances === null ? [] : [{ type: 'instances', instances: this.instances } as const]),
      ...this.troubles(),
    ];
    return events.map(frameOfEvent).join('');
  }

  private troubles(): LiveEvent[] {
    return this.lookers.flatMap(({ problem }, index) => {
      const place = EVENT_PLACES[index];
      return problem === null || place === undefined ? [] : [this.awayOf(place, problem)];
    });
  }
}

function frameOfEvent(event: LiveEvent): string {
  return frameOf(event.type === 'notification' ? event.notification.sequence : null, event);
}
