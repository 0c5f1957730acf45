import type { MediaCause } from '../../../core/causes.js';
import type { Classifier } from '../classifier.js';
import { failed, notLive, type Resolution } from '../resolution.js';
import { asDetail } from '../text.js';
import type { ProgramEnd } from './run-program.js';

/** The end of what a program printed, as evidence. */
const EVIDENCE_LENGTH_MAX = 4_000;

/** A resolver that could not reach its site made a failed request; only media can be disconnected or expire. */
const AS_REQUEST: Partial<Record<MediaCause, MediaCause>> = {
  network_disconnect: 'http_error',
  stream_timeout: 'http_error',
  url_expired: 'http_error',
};

export interface ProgramContext {
  /** As configured, for messages. */
  readonly program: string;
  readonly timeoutMs: number;
  readonly classify: Classifier;
  /** The evidence's `tool`; other programs are `other`. */
  readonly tool?: string;
  /** How to install the program when it is not there. */
  readonly installHint?: string;
}

/** Why a program gave no answer; null when it ended well. */
export function programFailure(end: ProgramEnd, context: ProgramContext): Resolution | null {
  return startFailure(end, context) ?? limitFailure(end, context) ?? exitFailure(end, context);
}

function startFailure(end: ProgramEnd, { program, installHint }: ProgramContext): Resolution | null {
  if (end.spawnErrorCode === null) return null;
  if (end.spawnErrorCode === 'ENOENT') {
    const hint = installHint === undefined ? '' : `: ${installHint}`;
    return failed('invalid_pipeline', `${program} was not found on the PATH${hint}`);
  }
  const cause = end.spawnErrorCode === 'EACCES' ? 'permission_denied' : 'invalid_pipeline';
  return failed(cause, `${program} could not be started (${end.spawnErrorCode})`);
}

function limitFailure(end: ProgramEnd, { program, timeoutMs }: ProgramContext): Resolution | null {
  if (end.outputTooLong) return failed('invalid_pipeline', `${program} printed more than the limit`);
  if (end.timedOut) return failed('http_error', `${program} gave no answer within ${timeoutMs / 1_000} s`);
  return null;
}

function exitFailure(end: ProgramEnd, context: ProgramContext): Resolution | null {
  if (end.exitCode === 0) return null;
  const { cause, detail } = context.classify({
    exitCode: end.exitCode,
    exitSignal: end.exitSignal,
    tool: context.tool ?? 'other',
    role: 'input',
    text: end.stderr.slice(-EVIDENCE_LENGTH_MAX),
  });
  const how = end.exitSignal === null ? `exit status ${end.exitCode}` : `ended by ${end.exitSignal}`;
  const message = asDetail(`${context.program}: ${how}: ${detail}`);
  if (cause === 'not_live') return notLive(message);
  return failed(cause === 'benign' ? 'unknown' : (AS_REQUEST[cause] ?? cause), message);
}
