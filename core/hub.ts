import { hashOf } from './hash.js';

/** Loopback multicast group over which the ingest of a capture feeds its outputs. */
export interface HubAddress {
  /** `239.255.x.y` */
  readonly address: string;
  readonly port: number;
}

/** One port for all hubs: readers bind to the group's address, so groups do not hear each other. */
export const HUB_PORT = 5_004;

/** Buffer that a reader of a hub asks the kernel for; `net.core.rmem_max` may give it less. Over a second of the fastest streams. */
export const HUB_RECEIVE_BYTES = 4_194_304;

/**
 * The hub of an instance: the address follows from its id, so that nothing has to be kept or agreed upon. `configured` overrides it.
 * Of 65,024 addresses two of 100 instances share one in about 7 of 100 cases; a host refuses the second.
 */
export function hubOf(instanceId: string, configured?: string): HubAddress {
  if (configured !== undefined) return { address: configured, port: HUB_PORT };
  const hash = hashOf(instanceId);
  // No octet is 0 or 255 at the end: some tools take those for networks and broadcasts.
  const third = (hash >>> 16) % 256;
  const fourth = 1 + ((hash & 0xffff) % 254);
  return { address: `239.255.${third}.${fourth}`, port: HUB_PORT };
}

/** The hub of a capture as it is configured. */
export function hubOfCapture({
  id,
  hub,
}: {
  readonly id: string;
  readonly hub?: string | undefined;
}): HubAddress {
  return hubOf(id, hub);
}

/** The lock that keeps two captures of a host off the same hub. */
export function hubLock({ address, port }: HubAddress): string {
  return `${HUB_LOCK_PREFIX}${address}:${port}`;
}

export const HUB_LOCK_PREFIX = 'hub:';
