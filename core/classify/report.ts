import { HTTP_CAUSES, MEDIA_CAUSES, type CauseClass, type CauseEntry } from '../causes.js';
import type { Disposition } from './types.js';
import type { Explained } from './words.js';

/** A verdict with what the catalogue says about it. */
export interface ExplainReport {
  /** In the words of `explain`: `unknown` is `other`. */
  readonly cause: string;
  readonly class: CauseClass | 'benign';
  readonly disposition: Disposition;
  readonly description: string;
  /** What holdfast does by default. */
  readonly policy: string;
  /** What the user should do. */
  readonly action: string;
  /** The decisive line. */
  readonly detail: string;
  readonly rule: string;
}

const BENIGN_ENTRY = {
  class: 'benign',
  description: 'Lines that tools print while all is well, or about what they have already got over.',
  policy: 'nothing: such text ends no run',
  action: 'Nothing.',
} as const;

/** The row of the catalogue behind a verdict. */
function entryOf(explained: Explained, kind: 'media' | 'http'): CauseEntry | typeof BENIGN_ENTRY {
  if (explained.catalogueCause === 'benign') {
    return BENIGN_ENTRY;
  }
  const catalogue: Readonly<Record<string, CauseEntry>> = kind === 'http' ? HTTP_CAUSES : MEDIA_CAUSES;
  return catalogue[explained.catalogueCause] ?? MEDIA_CAUSES.unknown;
}

/** Adds class, policy and advice. A rule that judges `other` fatal overrules the class of the catalogue. */
export function reportOf(explained: Explained, kind: 'media' | 'http'): ExplainReport {
  const entry = entryOf(explained, kind);
  const isOverruled = entry.class === 'transient' && explained.disposition === 'fatal';
  return {
    cause: explained.cause,
    class: isOverruled ? 'fatal' : entry.class,
    disposition: explained.disposition,
    description: entry.description,
    policy: entry.policy,
    action: isOverruled ? 'Look at the decisive line: a retry alone does not help.' : entry.action,
    detail: explained.detail,
    rule: explained.rule,
  };
}
