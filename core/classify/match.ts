import { STRENGTH, type LineFacts, type Rule } from './types.js';

/** A rule that applies, and the line that made it apply. */
export interface Match<Cause extends string> {
  readonly rule: Rule<Cause>;
  readonly facts: LineFacts;
}

function appliesToText<Cause extends string>(rule: Rule<Cause>, text: string): boolean {
  return (
    (rule.context === undefined || rule.context.test(text)) &&
    (rule.unlessContext === undefined || !rule.unlessContext.test(text))
  );
}

/** The rules that may hold where these lines are all that is known. */
function candidates<Cause extends string>(
  lines: readonly LineFacts[],
  rules: readonly Rule<Cause>[],
): readonly Rule<Cause>[] {
  const text = lines.map(({ line }) => line).join('\n');
  return rules.filter((rule) => appliesToText(rule, text));
}

function appliesToLine<Cause extends string>(rule: Rule<Cause>, facts: LineFacts): boolean {
  return (
    (rule.subjects === undefined || rule.subjects.includes(facts.subject)) &&
    (rule.errnos === undefined || rule.errnos.some((errno) => facts.errnos.has(errno))) &&
    (rule.pattern === undefined || rule.pattern.test(facts.line)) &&
    (rule.unless === undefined || !rule.unless.test(facts.line))
  );
}

/** In a remark a program says what it has tried and got over; what the other side or the disk has answered still holds. */
const TRIED_IN_REMARKS: ReadonlySet<string> = new Set([
  'encoder_failure',
  'encoder_hiccup',
  'invalid_pipeline',
  'device_not_found',
]);

function isBelievable({ strength, cause }: Rule<string>, { level }: LineFacts): boolean {
  if (level === 'remark') {
    return cause === 'buffer_underrun' || (strength >= STRENGTH.decisive && !TRIED_IN_REMARKS.has(cause));
  }
  return level !== 'warning' || strength > STRENGTH.generic;
}

function strongestOf<Cause extends string>(
  lines: readonly LineFacts[],
  rules: readonly Rule<Cause>[],
): Match<Cause> | null {
  let best: Match<Cause> | null = null;
  for (const facts of lines) {
    for (const rule of rules) {
      const isStronger = rule.strength > (best?.rule.strength ?? 0);
      if (isStronger && isBelievable(rule, facts) && appliesToLine(rule, facts)) {
        best = { rule, facts };
      }
    }
  }
  return best;
}

/**
 * The strongest rule that applies to any of the lines, or null. Among equals the first line wins, then the first rule.
 * What a program went on after, and said so, decides only where no error explains the end.
 */
export function strongestMatch<Cause extends string>(
  lines: readonly LineFacts[],
  rules: readonly Rule<Cause>[],
): Match<Cause> | null {
  const told = lines.filter(({ level }) => level === 'error' || level === 'unmarked');
  const rulesOfTold = candidates(told, rules);
  const errors = told.filter(({ level }) => level === 'error');
  return strongestOf(errors, rulesOfTold) === null
    ? strongestOf(lines, candidates(lines, rules))
    : strongestOf(told, rulesOfTold);
}
