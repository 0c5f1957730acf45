import { CancellationScope, condition, isCancellation, log } from '@temporalio/workflow';
import { bytesOf, shorten } from '../core/announce/text-limit.js';
import type { Control } from './control.js';
import { leaveTrace } from './visibility.js';

/** A server whose limit on summaries (400 bytes, as a payload with its metadata) is enforced would refuse the workflow task. */
const SUMMARY_LIMIT = { max: 340, measure: (text: string) => bytesOf(JSON.stringify(text)) };

export type WaitResult = 'elapsed' | 'answered' | 'interrupted';

/** Waits; a stop, pause, resume, retry or new configuration that comes after `interruptsBefore`, or a continuation as new, ends the wait at once. */
export async function interruptibleWait(
  control: Control,
  interruptsBefore: number,
  waitMs: number,
  summary: string,
): Promise<WaitResult> {
  const interrupted = () => control.interrupts !== interruptsBefore || control.leaving;
  if (interrupted()) return 'interrupted';
  if (waitMs <= 0) return 'elapsed';
  return (await condition(interrupted, waitMs, { summary: shorten(summary, SUMMARY_LIMIT) }))
    ? 'interrupted'
    : 'elapsed';
}

/** Waits as above, and also until `answer` gives true. `answer` is cancelled when the wait ends without it. */
export async function waitForAnswer(
  control: Control,
  interruptsBefore: number,
  waitMs: number,
  summary: string,
  answer: () => Promise<boolean>,
): Promise<WaitResult> {
  const scope = new CancellationScope({ cancellable: true });
  let answered = false;
  const asking = scope.run(answer).then(
    (yes) => {
      answered = yes;
    },
    (error: unknown) => {
      // A question that could not be put changes nothing: the timer still runs.
      if (!isCancellation(error)) log.warn('the source could not be asked', { error });
    },
  );
  const ended = () => answered || control.interrupts !== interruptsBefore || control.leaving;
  const early = ended() || (await condition(ended, waitMs, { summary: shorten(summary, SUMMARY_LIMIT) }));
  if (answered) return 'answered';
  scope.cancel();
  await asking;
  return early ? 'interrupted' : 'elapsed';
}

/**
 * Whether a message has ended a wait that another one of the same task has taken back. A loop around the wait asks this; it cannot be part
 * of a function with the wait, whose additional turn would change the order of commands of running workflows.
 */
export function endedInVain(isOver: () => boolean): boolean {
  if (isOver()) return false;
  leaveTrace();
  return true;
}

/** What became of work that nothing has overtaken. */
export type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** Does work until it is overtaken; then it is cancelled, waited for, and whatever it still says does not count: undefined. */
export async function outcomeUnless<T>(
  overtaken: () => boolean,
  work: () => Promise<T>,
): Promise<Outcome<T> | undefined> {
  const scope = new CancellationScope({ cancellable: true });
  let outcome: Outcome<T> | undefined;
  const working = scope.run(work).then(
    (value) => {
      outcome = { value };
    },
    (error: unknown) => {
      outcome = { error };
    },
  );
  const isOver = () => outcome !== undefined || overtaken();
  do await condition(isOver);
  while (endedInVain(isOver));
  if (outcome !== undefined) return outcome;
  scope.cancel();
  await working;
  return undefined;
}

/** The result of work; undefined when it was overtaken. */
export async function resultUnless<T>(
  overtaken: () => boolean,
  work: () => Promise<T>,
): Promise<T | undefined> {
  const outcome = await outcomeUnless(overtaken, work);
  if (outcome === undefined) return undefined;
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

/** Runs a short activity that a stop, pause or new configuration may cut short; undefined when it did. */
export async function unlessInterrupted<T>(control: Control, work: () => Promise<T>): Promise<T | undefined> {
  return await resultUnless(() => control.runMustEnd || control.leaving, work);
}
