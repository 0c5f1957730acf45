import { runProgram, type ProgramEnd } from '../resolve/tool/run-program.js';
import { abortable } from './abortable.js';
import { LIMIT_REACHED_STATUS, limited } from './limited.js';
import type { ProbeContext } from './reading.js';

/** What shells, `env` and `timeout` answer when a program is not executable or not there. */
const NOT_RUN_STATUSES = [126, 127];
/** Shells and `timeout` pass on that a signal ended a program as 128 and the signal's number, of which there are 64. */
const SIGNAL_STATUS_BASE = 128;
const SIGNAL_NUMBER_MAX = 64;
/** The program's own limit comes after ours: it counts when our process is not there any more. */
const ORPHAN_DELAY_MS = 1_000;

/** A program was asked for its opinion. */
export type ProgramAnswer =
  | { readonly kind: 'answered'; readonly exitCode: number; readonly output: string }
  /** It was not there, crashed, took too long or talked too much. */
  | { readonly kind: 'silent'; readonly why: string };

/**
 * Runs a program that answers with its exit status. When it takes too long, it and all it has started are ended.
 * @throws the reason of `context.signal` at once when that is aborted, even when the program hangs in the kernel.
 */
export async function askProgram(
  argv: readonly string[],
  timeoutMs: number,
  { signal, env }: ProbeContext,
): Promise<ProgramAnswer> {
  signal.throwIfAborted();
  const running = runProgram({ argv: limited(argv, timeoutMs + ORPHAN_DELAY_MS), env, timeoutMs, signal });
  const end = await abortable(running, signal);
  const silence = silenceOf(end, timeoutMs);
  if (silence !== null) return { kind: 'silent', why: `${argv[0] ?? 'the program'} ${silence}` };
  return { kind: 'answered', exitCode: end.exitCode ?? 0, output: `${end.stdout}\n${end.stderr}` };
}

/** Why an end is no answer; null when it is one. */
function silenceOf({ exitCode, ...end }: ProgramEnd, timeoutMs: number): string | null {
  if (end.timedOut || exitCode === LIMIT_REACHED_STATUS)
    return `did not answer within ${timeoutMs / 1_000} s`;
  if (end.spawnErrorCode !== null) return `could not be started (${end.spawnErrorCode})`;
  if (end.outputTooLong) return 'printed too much';
  if (exitCode === null) return `was ended by ${end.exitSignal ?? 'a signal'}`;
  if (NOT_RUN_STATUSES.includes(exitCode)) return 'is not there or not executable';
  const signalNumber = exitCode - SIGNAL_STATUS_BASE;
  if (signalNumber > 0 && signalNumber <= SIGNAL_NUMBER_MAX) return `was ended by signal ${signalNumber}`;
  return null;
}
