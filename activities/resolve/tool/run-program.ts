import { execa } from 'execa';
import type { Environment } from '../../secrets/index.js';

/** yt-dlp describes a show with all its formats in up to 2 MB. */
const OUTPUT_LENGTH_MAX = 5 * 1024 * 1024;
/** Between SIGTERM and SIGKILL. */
const KILL_DELAY_MS = 2_000;

export interface ProgramRequest {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** How a short-lived program ended. */
export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  /** `code` of the error with which it could not be started, e.g. `ENOENT`. */
  readonly spawnErrorCode: string | null;
  readonly timedOut: boolean;
  readonly outputTooLong: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end, with bounded output and time. The program gets a process group of its own, so that nothing
 * it has started survives it.
 * @throws the signal's reason when it is aborted.
 */
export async function runProgram({ argv, env, timeoutMs, signal }: ProgramRequest): Promise<ProgramEnd> {
  signal.throwIfAborted();
  const [program, ...args] = argv as [string, ...string[]];
  const child = execa(program, args, {
    env: definedOnly(env),
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    detached: true,
    maxBuffer: OUTPUT_LENGTH_MAX,
    stripFinalNewline: false,
  });
  let timedOut = false;
  const killGroup = groupKiller(child.pid);
  const timer = setTimeout(() => {
    timedOut = true;
    killGroup();
  }, timeoutMs);
  signal.addEventListener('abort', killGroup, { once: true });
  try {
    const end = await child;
    signal.throwIfAborted();
    const spawnErrorCode = child.pid === undefined ? (end.code ?? 'UNKNOWN') : null;
    return {
      exitCode: end.exitCode ?? null,
      exitSignal: end.signal ?? null,
      spawnErrorCode,
      timedOut: timedOut && end.exitCode !== 0,
      outputTooLong: end.isMaxBuffer,
      stdout: end.stdout,
      stderr: end.stderr,
    };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', killGroup);
  }
}

/** Ends the whole group: SIGTERM, then SIGKILL for whoever does not listen or has left its pipes to a child. */
function groupKiller(pid: number | undefined): () => void {
  const send = (name: NodeJS.Signals) => {
    if (pid === undefined) return;
    try {
      process.kill(-pid, name);
    } catch {
      // Nobody of the group is left.
    }
  };
  return () => {
    send('SIGTERM');
    setTimeout(() => send('SIGKILL'), KILL_DELAY_MS).unref();
  };
}

function definedOnly(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
