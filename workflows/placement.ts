import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { isHostLost } from './host-link.js';
import { placementProxy } from './proxies.js';

/** Waits for a device host to take the instance; undefined when it is `settled` otherwise. `onWaiting` is called when nobody answers soon. */
export async function placeInstance(
  settled: () => boolean,
  onWaiting: () => void,
): Promise<string | undefined> {
  const scope = new CancellationScope({ cancellable: true });
  let host: string | undefined;
  let failure: { readonly error: unknown } | undefined;
  const claiming = scope
    .run(() => claim(onWaiting))
    .then(
      (claimed) => {
        host = claimed;
      },
      (error: unknown) => {
        if (!isCancellation(error)) failure = { error };
      },
    );
  await condition(() => host !== undefined || failure !== undefined || settled());
  if (host === undefined) scope.cancel();
  await claiming;
  if (failure !== undefined) throw failure.error;
  return host;
}

/** A deadline of the activity itself needs no timer: a healthy start costs fewer events. */
async function claim(onWaiting: () => void): Promise<string> {
  try {
    return (await placementProxy('soon').claimHost()).host;
  } catch (error) {
    if (!isHostLost(error)) throw error;
    onWaiting();
    return (await placementProxy('whenever').claimHost()).host;
  }
}
