import type { MediaCause } from '../../core/causes.js';
import type { Evidence } from '../../core/evidence.js';
import type { RunEnd } from '../../core/run.js';
import type { ExitStatus } from './exit-status.js';
import type { LockRefusal } from './lock-refusal.js';
import { redact } from '../secrets/index.js';
import type { Classify } from './services.js';

/** What custody itself knows about an end. */
export interface EndFacts {
  readonly status: ExitStatus;
  /** The wrapper was killed before it could write the status: nobody knows it. */
  readonly statusLost: boolean;
  /** Why we ended it, or null when it ended by itself. */
  readonly stopReason: string | null;
  /** The cause that made us end it, if it was one. */
  readonly stopCause: MediaCause | null;
  /** The run could not get one of its locks. */
  readonly lockRefusal: LockRefusal | null;
  /** What the handler and the system say, log tail included. */
  readonly evidence: Evidence;
}

type Judgement = Pick<RunEnd, 'outcome' | 'cause' | 'detail'>;

/** The lengths that keep a run's end small in the history of its workflow. */
const DETAIL_LENGTH_MAX = 300;
const LOG_TAIL_LENGTH_MAX = 1_500;

/** Decides how a run ended: what we did first, then what the source did, then what went wrong. */
export function judge(facts: EndFacts, classify: Classify): Judgement {
  if (facts.stopReason !== null) {
    const cause = facts.stopCause === null ? {} : { cause: facts.stopCause };
    return { outcome: 'stopped', ...cause, detail: facts.stopReason };
  }
  if (facts.lockRefusal !== null) return { outcome: 'failed', ...facts.lockRefusal };
  if (facts.evidence.codecChanged === true) return { outcome: 'cut', detail: whatChanged(facts.evidence) };
  if (facts.evidence.sourceEnded === true) return { outcome: 'ended', detail: 'the source is over' };
  return judgeFailure(facts, classify);
}

/** The reader says what has changed: codec parameters or the timeline. */
function whatChanged({ text }: Evidence): string {
  return text === undefined || text === '' ? 'the codec parameters changed' : text;
}

/** One line without control characters and secrets, short enough for a history. */
export function tidyDetail(detail: string, secrets: readonly string[]): string {
  const line = redact(detail, secrets).replaceAll(CONTROL, ' ').trim().replace(TOOL_PREFIX, '');
  return line.length <= DETAIL_LENGTH_MAX ? line : `${line.slice(0, DETAIL_LENGTH_MAX - 1)}…`;
}

/** The last whole lines of a log without control characters and secrets. Progress lines that overwrite each other become lines. */
export function tidyLogTail(text: string, secrets: readonly string[]): string {
  const clean = redact(text, secrets).replaceAll('\r', '\n').replaceAll(CONTROL_IN_LINES, '').trimEnd();
  if (clean.length <= LOG_TAIL_LENGTH_MAX) return clean;
  const tail = clean.slice(-LOG_TAIL_LENGTH_MAX);
  const firstBreak = tail.indexOf('\n');
  return firstBreak < 0 ? tail : tail.slice(firstBreak + 1);
}

/** `[tcp @ 0x55b31ea665c0] [error] ` and `14:03:05.174261/SRT:RcvQ:w1!W:SRT.cn: `: names of parts of a tool, different each time, say nothing to a person. */
const TOOL_PREFIX =
  /^(?:\[[\w, #:/.-]+ @ 0x[0-9a-f]+\] *)*(?:\[(?:panic|fatal|error|warning|info|verbose)\] *)?(?:[\d:.]{8,18}\/SRT:\S{1,60} )?/;

const CONTROL = /\p{Cc}+/gu;
const CONTROL_IN_LINES = /(?!\n)\p{Cc}/gu;

function judgeFailure({ status, statusLost, evidence }: EndFacts, classify: Classify): Judgement {
  const { cause, detail } = classify(evidence);
  if (cause !== 'benign' && cause !== 'unknown') return { outcome: 'failed', cause, detail };
  if (statusLost) {
    return { outcome: 'failed', cause: 'crashed', detail: 'the process was killed and left no exit status' };
  }
  return { outcome: 'failed', cause: 'unknown', detail: detail === '' ? describeStatus(status) : detail };
}

function describeStatus({ exitCode, exitSignal }: ExitStatus): string {
  return exitSignal === null ? `exit status ${exitCode}` : `ended by ${exitSignal}`;
}
