import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { Control } from './control.js';
import { HOST_ANSWER_TIMEOUT_MS, placement } from './proxies.js';

/** Waits for a device host to take the instance; undefined when it was stopped first. `onWaiting` is called when nobody answers soon. */
export async function placeInstance(control: Control, onWaiting: () => void): Promise<string | undefined> {
  const scope = new CancellationScope({ cancellable: true });
  let host: string | undefined;
  let failure: { readonly error: unknown } | undefined;
  const claiming = scope
    .run(() => placement.claimHost())
    .then(
      (claim) => {
        host = claim.host;
      },
      (error: unknown) => {
        if (!isCancellation(error)) failure = { error };
      },
    );
  const decided = () => host !== undefined || failure !== undefined || control.wish === 'stop';
  if (!(await condition(decided, HOST_ANSWER_TIMEOUT_MS, { summary: 'a device worker should answer' }))) {
    onWaiting();
    await condition(decided);
  }
  if (host === undefined) scope.cancel();
  await claiming;
  if (failure !== undefined) throw failure.error;
  return host;
}
