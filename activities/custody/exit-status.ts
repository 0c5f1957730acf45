import { constants } from 'node:os';

/** How a process ended: with a status, by a signal, or unknown to anybody (both null). */
export interface ExitStatus {
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
}

/** A shell reports a signal as this plus its number. ffmpeg's own 255 after SIGINT is beyond every signal. */
const SHELL_SIGNAL_BASE = 128;
const EXIT_PATTERN = /^(\d{1,3}) end$/;

/** Reads what the wrapper wrote; null when it has not (completely) written it. */
export function parseExitFile(text: string): ExitStatus | null {
  const match = EXIT_PATTERN.exec(text);
  return match === null ? null : fromShellStatus(Number(match[1]));
}

/** Turns a shell's `$?` into an exit code or a signal name. */
export function fromShellStatus(status: number): ExitStatus {
  const signal = status > SHELL_SIGNAL_BASE ? signalName(status - SHELL_SIGNAL_BASE) : undefined;
  return signal === undefined
    ? { exitCode: status, exitSignal: null }
    : { exitCode: null, exitSignal: signal };
}

/** How the first stage ends when the last one has left it: by the closed pipe or by the wrapper's SIGTERM. */
const FIRST_STAGE_ORDINARY_SIGNALS: readonly string[] = ['SIGPIPE', 'SIGTERM'];

/** The status of a run: its last stage's, unless that ended well only because the first was killed. */
export function combineStages(last: ExitStatus, first: ExitStatus | null): ExitStatus {
  if (last.exitCode !== 0 || first === null || first.exitSignal === null) return last;
  return FIRST_STAGE_ORDINARY_SIGNALS.includes(first.exitSignal) ? last : first;
}

function signalName(number: number): string | undefined {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
}
