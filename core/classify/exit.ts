import type { Evidence } from '../evidence.js';
import { known } from './facts.js';
import type { Classification } from './types.js';

/** Signals a program raises by stumbling itself: what it printed just before may be what it stumbled over. */
const OWN_FAULT_SIGNALS: ReadonlySet<string> = new Set([
  'SIGSEGV',
  'SIGABRT',
  'SIGBUS',
  'SIGILL',
  'SIGFPE',
  'SIGSYS',
  'SIGTRAP',
]);

/** A shell reports death by a signal as 128 plus its number. */
const SIGNAL_OF_EXIT_CODE: Readonly<Record<number, string>> = {
  132: 'SIGILL',
  134: 'SIGABRT',
  135: 'SIGBUS',
  136: 'SIGFPE',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  143: 'SIGTERM',
};

/** The signal that ended the process, as a fact or by the convention of shells, or null. */
function signalOf({ exitSignal, exitCode }: Evidence): string | null {
  return exitSignal ?? SIGNAL_OF_EXIT_CODE[exitCode ?? -1] ?? null;
}

/** Killed from outside: nothing the process printed is the reason. SIGPIPE is left to the text: it means a reader is gone. */
export function killedFromOutside(evidence: Evidence): Classification | null {
  const signal = signalOf(evidence);
  return signal === null || signal === 'SIGPIPE' || OWN_FAULT_SIGNALS.has(signal)
    ? null
    : known('crashed', `killed by ${signal}`, 'exit signal');
}

/** Crashed by itself. Asked after a decisive text, before any weaker one. */
export function crashedByItself(evidence: Evidence): Classification | null {
  const signal = signalOf(evidence);
  return signal !== null && OWN_FAULT_SIGNALS.has(signal)
    ? known('crashed', `crashed with ${signal}`, 'exit signal')
    : null;
}

/** Roles of programs that read something which has no end of its own. */
const ROLES_THAT_READ: ReadonlySet<string> = new Set(['input', 'device', 'pipeline']);

/** What the exit status alone can say, when no rule knows the text or (`saysNothing`) there is none. */
export function plainExit(
  { exitCode, exitSignal, role }: Evidence,
  saysNothing: boolean,
): Classification | null {
  if (exitCode === 127) {
    return known('invalid_pipeline', 'program not found', 'exit code');
  }
  if (exitCode === 126) {
    return known('permission_denied', 'the program may not be executed', 'exit code');
  }
  if (exitSignal === 'SIGPIPE') {
    return known('network_disconnect', 'the reader of the output is gone', 'exit signal');
  }
  return exitCode === 0 && saysNothing && ROLES_THAT_READ.has(role ?? '')
    ? known('network_disconnect', 'the input ended without an error', 'exit code')
    : null;
}
