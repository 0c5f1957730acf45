import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Farm } from './farm-process.js';
import { KINDS, kindOf, type Kind } from './kinds.js';

/** How many sources of each kind: 500 in all. */
const COUNTS: Readonly<Record<Kind, number>> = {
  healthy: 400,
  reset: 20,
  busy: 20,
  wait: 20,
  gone: 15,
  refused: 15,
  silent: 10,
};
/** A quick run has a fifth of them. */
const QUICK_SHARE = 0.2;

export interface Address {
  readonly name: string;
  readonly url: string;
}

/** All sources of a cycle, mixed, the same order each time. */
export async function populate(farm: Farm, quick: boolean): Promise<readonly Address[]> {
  const closed = await closedPort();
  const names = KINDS.flatMap((kind) => {
    const count = Math.round(COUNTS[kind] * (quick ? QUICK_SHARE : 1));
    return Array.from({ length: count }, (_, index) => ({ name: `${kind}-${index}`, place: index / count }));
  });
  return names
    .toSorted((left, right) => left.place - right.place)
    .map(({ name }) => ({
      name,
      url: kindOf(name) === 'refused' ? `http://127.0.0.1:${closed}/${name}` : farm.url(name),
    }));
}

/** Nobody listens there. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
