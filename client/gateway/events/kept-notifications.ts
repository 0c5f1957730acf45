import type { StoredNotification } from '../../../store/index.js';
import { NOTIFICATIONS_KEPT, NOTIFICATIONS_RECENT } from './limits.js';

/** The newest notifications, for clients that come and for those that come again. */
export class KeptNotifications {
  private kept: readonly StoredNotification[] = [];
  /** Everything that the store has is kept here, too. */
  private all = true;

  /** Sequence number of the newest; 0 before there is any. */
  get last(): number {
    return this.kept.at(-1)?.sequence ?? 0;
  }

  /** Adds newer ones, oldest first. */
  add(notifications: readonly StoredNotification[], limit = NOTIFICATIONS_KEPT): void {
    const joined = [...this.kept, ...notifications.filter(({ sequence }) => sequence > this.last)];
    if (joined.length >= limit) this.all = false;
    this.kept = joined.slice(-limit);
  }

  /** What a client lacks that has seen those up to `after`; null stands for a client that has seen none. */
  after(after: number | null): { readonly list: readonly StoredNotification[]; readonly missed: boolean } {
    if (after === null) return { list: this.kept.slice(-NOTIFICATIONS_RECENT), missed: false };
    // A store that was begun anew counts from the beginning again.
    if (after > this.last) return { list: this.kept, missed: this.kept.length > 0 };
    const oldest = this.kept[0]?.sequence ?? 0;
    return {
      list: this.kept.filter(({ sequence }) => sequence > after),
      missed: !this.all && after < oldest - 1,
    };
  }
}
