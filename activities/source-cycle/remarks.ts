import type { SourceConfig } from '../../core/config/source.js';
import { formatDurationMs } from '../../core/config/duration.js';
import { scheduleOf } from '../../core/source-cycle/index.js';
import type { ParseOutcome } from '../parse/index.js';

/** A whole document more often than this is more than sites like to send. */
const WHOLE_DOCUMENT_EVERY_MIN_MS = 900_000;

type Parsed = Extract<ParseOutcome, { kind: 'parsed' }>;

/** An answer that was read. */
export interface ReadAnswer extends Pick<Parsed, 'isComplete' | 'dropped' | 'empty' | 'ttlMs'> {
  readonly freshForMs: number | null;
  readonly hasValidators: boolean;
  /** Where the source has moved for good, without secrets; null when it has not. */
  readonly movedTo: string | null;
}

/** What a person may want to know although the cycle is good; null when that is nothing. */
export function remarksOn(answer: ReadAnswer, config: SourceConfig): string | null {
  const { isComplete, dropped, empty, movedTo } = answer;
  const texts = [
    ...(isComplete ? [] : ['the document, or an item in it, ends too soon']),
    ...(dropped > 0 ? [`${dropped} items beyond the limit were left out`] : []),
    ...(empty > 0
      ? [`${empty} ${empty === 1 ? 'item without content was' : 'items without content were'} left out`]
      : []),
    ...(movedTo === null ? [] : [movedRemark(movedTo)]),
    ...(isFetchedWholeTooOften(answer, config) ? [WHOLE_DOCUMENT_REMARK] : []),
  ];
  return texts.length === 0 ? null : texts.join('; ');
}

const WHOLE_DOCUMENT_REMARK = `no validators, so each fetch takes the whole document: every: ${formatDurationMs(WHOLE_DOCUMENT_EVERY_MIN_MS)} or more is kind`;

export function movedRemark(movedTo: string): string {
  return `the source has moved to ${movedTo}`;
}

/** Sites of one's own are asked as often as one likes. */
function isFetchedWholeTooOften(answer: ReadAnswer, config: SourceConfig): boolean {
  if (answer.hasValidators || config.allow_fast) return false;
  return scheduleOf(config, answer).intervalMs < WHOLE_DOCUMENT_EVERY_MIN_MS;
}
