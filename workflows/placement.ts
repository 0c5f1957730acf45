import type { Control } from './control.js';
import { isHostLost } from './host-link.js';
import { placementProxy } from './proxies.js';
import { resultUnless } from './waits.js';

/** An instance that needs a host. */
export interface Placeable {
  readonly control: Control;
  /** Null while none is chosen. */
  readonly hostName: string | null;
  placeOn(host: string): void;
}

/**
 * Waits for a device host to take the instance, unless the configuration names one meanwhile; false when the instance was stopped first.
 * `onWaiting` is called when nobody answers soon.
 */
export async function placeInstance(instance: Placeable, onWaiting: () => void): Promise<boolean> {
  const { control } = instance;
  while (instance.hostName === null) {
    const settled = () => control.wish === 'stop' || instance.hostName !== null;
    const host = await resultUnless(settled, () => claimHost(onWaiting));
    if (host !== undefined && instance.hostName === null) instance.placeOn(host);
    else if (control.wish === 'stop') return false;
  }
  return true;
}

/**
 * The device host that takes the task; `onWaiting` is called when nobody answers soon. A deadline of the activity itself needs
 * no timer: a healthy start costs fewer events.
 */
export async function claimHost(onWaiting: () => void): Promise<string> {
  try {
    return (await placementProxy('soon').claimHost()).host;
  } catch (error) {
    if (!isHostLost(error)) throw error;
    onWaiting();
    return (await placementProxy('whenever').claimHost()).host;
  }
}
