/** What a lock of a resource is called, by the kind of the resource; the one of a hub is in `hub.ts`. */
export const DEVICE_LOCK_PREFIX = 'device:';
export const OUTPUT_LOCK_PREFIX = 'output:';

/** The lock that keeps two captures of a machine off the same device. */
export function deviceLock(device: string): string {
  return `${DEVICE_LOCK_PREFIX}${device}`;
}

/** The lock that keeps two outputs of a machine off the same address: they would throw each other out for ever. */
export function outputLock(url: string): string {
  return `${OUTPUT_LOCK_PREFIX}${url}`;
}
