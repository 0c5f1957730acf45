import { complains } from './failure-words.js';
import { anyOf, type TextLine } from './types.js';

/** A program that says what it does instead has got over what it said before; one that tries the same again has not. */
const GOES_ON = anyOf(
  /\bfall(?:s|ing)? ?back(?: to| on)?\b|\boverriding\b|\binstead\b(?! of)|\bignore (?:any|these|those|the|all) (?:errors?|warnings?|messages?)|\bsafely ignore/,
  /\b(?:will try|trying) (?:the )?(?:next|default|another|other|with(?:out)?|encoder|driver|backend|fallback|to (?:handle|recover|continue))\b/,
  /\bwill (?:be (?:merged|converted|replaced|skipped)|use|continue|fall back|keep)\b/,
  /\b(?:continuing|proceeding|carrying on) (?:anyway|without|with)\b|^\[wait\]/,
  /fail.{0,120}, trying (?!again\b|to (?:re)?connect)|skipping (?:fragment|segment)/,
);

/** Media flows (again). */
const FLOWS = anyOf(
  /\b(?:input|signal|video|connection|stream|link|network|device|camera|source)s? (?:has |have |is |was |are )?(?:returned(?=$|\.| [-(])|restored\b|recovered\b|re-?established\b|re-?connected\b|back\b|resumed\b|locked\b)/,
  /\bcaptur(?:e|ing) (?:has )?(?:started|resumed)|\bre-?connected (?:to|successfully|after)|successfully (?:(?:re-?)?connected|recovered|resumed)/,
  /format change detected|\bRC mode: |^(?:AO|VO): \[|^starting playback|--[av]id=\d/,
  /va_openDriver\(\) returns 0|\bfound .{0,40}\bencoder\b.{0,40}\[/,
);

/** A disk does not get over what it has said. */
const OF_THE_DISK = /no space left|read-only file system/i;

/**
 * Leaves out what a program has got over: what stands before a sign of that, unless something fails after it.
 * What is marked as an error needs more than a warning to be got over.
 */
export function withoutOvercome(
  lines: readonly TextLine[],
  isHarmless: (line: string) => boolean,
): TextLine[] {
  const sign = lines.findLastIndex(
    ({ line, level }) => level !== 'error' && (GOES_ON.test(line) || FLOWS.test(line)),
  );
  const told = lines[sign];
  const isOvercome = told?.level === 'remark' || (told?.level === 'unmarked' && FLOWS.test(told.line));
  const failsAgain = lines.slice(sign + 1).some((line) => complains(line) && !isHarmless(line.line));
  return sign === -1 || failsAgain
    ? [...lines]
    : lines.filter(
        ({ line, level }, index) =>
          index > sign || OF_THE_DISK.test(line) || (level === 'error' && !isOvercome),
      );
}
