import { mediaCause, type MediaCause } from '../causes.js';
import { errnosIn } from './errno.js';
import { linesOf, shorten } from './lines.js';
import { strongestMatch, type Match } from './match.js';
import { tellingLines } from './rules/benign.js';
import { MEDIA_RULES } from './rules/index.js';
import { subjectOfLine, subjectOfText } from './subject.js';
import { STRENGTH, type Classification, type Disposition, type LineFacts, type TextLine } from './types.js';
import { isWarningOnly, unexplainedLine } from './verdict-without-rule.js';

export interface TextContext {
  readonly tool?: string | undefined;
  readonly role?: string | undefined;
}

/** What a retry is worth after this cause, unless a rule knows better. A cause that waits counts as fatal: a retry alone does not help. */
export function dispositionOfCause(cause: MediaCause): Disposition {
  return mediaCause(cause).class === 'transient' ? 'transient' : 'fatal';
}

function factsOf(lines: readonly TextLine[], context: TextContext): LineFacts[] {
  const text = lines.map(({ line }) => line).join('\n');
  const subject = subjectOfText(text, context.tool, context.role);
  return lines.map((told) => ({
    ...told,
    subject: subjectOfLine(told.line, subject),
    errnos: errnosIn(told.line),
  }));
}

/** A verdict over text alone, and how much it is worth. */
export interface MediaTextVerdict extends Classification {
  /** 0 when no rule applied. */
  readonly strength: number;
  /** The other side refused the address, as HTTP statuses 401, 403, 404 and 410 do. */
  readonly aboutAddress: boolean;
}

const REFUSED_ADDRESS = /\b(?:401|403|404|410)\b/;

/** `other` of a rule is `unknown` in the catalogue. */
function verdict({ rule, facts }: Match<MediaCause | 'other'>): MediaTextVerdict {
  const cause = rule.cause === 'other' ? 'unknown' : rule.cause;
  return {
    cause,
    disposition: rule.disposition ?? dispositionOfCause(cause),
    detail: shorten(facts.shown),
    rule: rule.name,
    strength: rule.strength,
    aboutAddress: (cause === 'unauthorized' || cause === 'not_live') && REFUSED_ADDRESS.test(facts.line),
  };
}

/** Text that was wrapped by a mail program or terminal hides a message from every line: try it unwrapped. */
function matchUnwrapped(
  lines: readonly TextLine[],
  context: TextContext,
): Match<MediaCause | 'other'> | null {
  const told = lines.filter(({ level }) => level !== 'remark');
  const errors = told.filter(({ level }) => level !== 'warning');
  const wrapped = errors.length > 0 ? errors : told;
  const unwrapped = {
    line: wrapped
      .map(({ line }) => line)
      .join(' ')
      .slice(0, 2_000),
    shown: wrapped.map(({ shown }) => shown).join(' '),
    level: errors.length > 0 ? ('unmarked' as const) : ('warning' as const),
  };
  return strongestMatch(factsOf([unwrapped], context), MEDIA_RULES);
}

/** Reads the cause out of what a media tool printed: noise is set aside, then the strongest rule decides. Never throws. */
export function classifyMediaText(text: string, context: TextContext = {}): MediaTextVerdict {
  const lines = linesOf(text);
  const telling = tellingLines(lines);
  const match = strongestMatch(factsOf(telling, context), MEDIA_RULES) ?? matchUnwrapped(telling, context);
  if (match !== null && !(match.rule.strength <= STRENGTH.weak && isWarningOnly(lines))) {
    return verdict(match);
  }
  const unexplained = unexplainedLine(lines);
  return unexplained === null && lines.length > 0
    ? unmatched('benign', 'benign', lines.at(-1)?.shown ?? '', 'only noise')
    : unmatched('unknown', 'transient', unexplained?.shown ?? '', 'nothing known');
}

function unmatched(
  cause: Classification['cause'],
  disposition: Disposition,
  shown: string,
  rule: string,
): MediaTextVerdict {
  return { cause, disposition, detail: shorten(shown), rule, strength: 0, aboutAddress: false };
}

/** The line of a text that says most about why a run ended, at most 300 characters; empty for an empty text. */
export function headline(text: string): string {
  return classifyMediaText(text).detail;
}
