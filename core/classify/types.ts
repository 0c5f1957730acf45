import type { MediaCause } from '../causes.js';

/** What a cause means for a retry: worth one, of no use alone, or nothing to retry. */
export type Disposition = 'transient' | 'fatal' | 'benign';

/** The verdict over the end of a media run. */
export interface Classification {
  /** `benign` when the text holds only what ends no run. */
  readonly cause: MediaCause | 'benign';
  readonly disposition: Disposition;
  /** The decisive line, trimmed, at most 300 characters; empty when there is none. */
  readonly detail: string;
  /** Name of the fact or rule that decided. */
  readonly rule: string;
}

/**
 * How much a match is worth when several lines of one text match. The strongest match wins;
 * among equals the first line wins, because later lines are mostly consequences of it.
 */
export const STRENGTH = {
  /** Names the situation without a doubt, whatever else is printed. */
  decisive: 90,
  /** A message that only this situation prints. */
  specific: 70,
  /** An errno or status together with what it was about. */
  likely: 50,
  /** An errno or word without knowing what it was about. */
  weak: 30,
  /** What tools print after any failure. */
  generic: 10,
} as const;

/** What a line is about. The same system error means different things for different subjects. */
export type Subject = 'camera' | 'sound' | 'encoder' | 'network' | 'storage' | 'pipeline' | 'none';

/** How grave the program that printed a line has marked it; many mark nothing. */
export type Level = 'remark' | 'warning' | 'unmarked' | 'error';

/** A line of a text. */
export interface TextLine {
  /** As the rules read it: without names. */
  readonly line: string;
  /** As a person reads it. */
  readonly shown: string;
  readonly level: Level;
}

/** A line and what can be read from it before any rule is asked. */
export interface LineFacts extends TextLine {
  readonly subject: Subject;
  /** System errors the line speaks of, e.g. `ENOSPC`. */
  readonly errnos: ReadonlySet<string>;
}

/** One row of a text table. Patterns see one line unless they are named `context`; every condition given must hold. */
export interface Rule<Cause extends string> {
  readonly name: string;
  readonly cause: Cause;
  /** Only where it differs from the class of the cause. */
  readonly disposition?: Disposition;
  readonly strength: number;
  readonly pattern?: RegExp;
  /** At least one of these system errors is spoken of. */
  readonly errnos?: readonly string[];
  /** The line is about one of these. */
  readonly subjects?: readonly Subject[];
  /** The rule does not apply to lines that match this. */
  readonly unless?: RegExp;
  /** The rule applies only when the whole text matches this. */
  readonly context?: RegExp;
  /** The rule does not apply when the whole text matches this. */
  readonly unlessContext?: RegExp;
  /** Why the rule holds beyond the one message. */
  readonly why: string;
}

/** Joins patterns into one alternation, so that a table can give each message a line of its own. */
export function anyOf(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map((pattern) => pattern.source).join('|'), 'i');
}
