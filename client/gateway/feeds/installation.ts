import { randomUUID } from 'node:crypto';
import type { Store } from '../../../store/index.js';

interface Installation {
  readonly id: string;
}

/** Where the store keeps what tells it from every other store. */
const NAME = 'installation';

/** A UUID that belongs to the store: items are numbered in each store from 1, their ids must be unique in the world. */
export async function installationId(store: Pick<Store, 'readShared' | 'changeShared'>): Promise<string> {
  const known = await store.readShared<Installation>(NAME);
  if (known !== null) return known.id;
  const made = await store.changeShared<Installation>(NAME, (before) => ({
    value: before ?? { id: randomUUID() },
    notifications: [],
  }));
  return made.id;
}
