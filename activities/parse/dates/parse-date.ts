import { monthOf } from './months.js';
import { findTime } from './times.js';
import { findZone } from './zones.js';

/** No date is longer; a longer text is something else. */
const DATE_LENGTH_MAX = 120;
const YEAR_MIN = 1900;
const YEAR_MAX = 2200;
/** Two digits from here on are of the last century. */
const CENTURY_PIVOT = 70;

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** What is left of the text once time and zone are out of it, in the order in which they are tried. */
const DAY_PATTERNS: readonly (readonly [RegExp, (groups: readonly string[]) => Day | null])[] = [
  // 2021-09-02, 2021/9/2, 2021年9月2日, 2021-09, 2021
  [
    /^\D{0,3}(\d{4})\s?[-/.年년]\s?(\d{1,2})(?:\s?[-/.月월]\s?(\d{1,2}))?(?!\d)/u,
    ([year, month, day]) => numbers(year, month, day || '1'),
  ],
  [/^(\d{4})(\d{2})(\d{2})t?$/, ([year, month, day]) => numbers(year, month, day)],
  [/^(\d{4})$/, ([year]) => numbers(year, '1', '1')],
  // 03 Mar 2009, 3rd of March 2009, 03-Mar-09, 3. März 2009, 3 de marzo de 2009
  [
    /(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s.,/-]{0,3}(?:de\s|of\s)?(\p{L}{3,12})[\s.,/-]{0,3}(?:de\s)?(\d{4}|\d{2})(?!\d)/u,
    ([day, month, year]) => withName(year, month, day),
  ],
  // March 3rd, 2009; Tue Mar 3 2009
  [
    /(?<!\p{L})(\p{L}{3,12})[\s.-]{1,3}(\d{1,2})(?:st|nd|rd|th)?[\s,-]{1,6}(\d{4})(?!\d)/u,
    ([month, day, year]) => withName(year, month, day),
  ],
  // 03.03.2009
  [
    /(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?!\d)/,
    ([day, month, year]) => numbers(year, month, day),
  ],
];
const SLASHES = /(?<!\d)(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?!\d)/;
const EPOCH = /^(\d{10})(\d{3})?$/;

/**
 * Reads a date as feeds write it: RFC 5322 and ISO 8601 and what people make of them, also with names in other
 * languages. Null when it cannot be read or has two meanings: no date is better than a wrong one.
 * @returns ISO 8601, UTC, e.g. `2018-08-21T08:30:00Z`.
 */
export function parseDate(written: string): string | null {
  const line = written.trim().replace(/\s+/g, ' ');
  if (line === '' || line.length > DATE_LENGTH_MAX) return null;
  const text = line.normalize('NFKC').replaceAll('\u2212', '-').toLowerCase();
  const epoch = EPOCH.exec(text);
  if (epoch !== null) return asIso(Number(epoch[1]) * 1_000 + Number(epoch[2] ?? 0));
  const time = findTime(text, (part) => startOf(dayIn(part, false)) !== null);
  if (time === null) return asIso(startOf(dayIn(text.replace(/z$/, ''), false)));
  const { toUtcMs, rest } = findZone(time.after);
  const startMs = startOf(dayIn(`${time.before} ${rest}`.trim(), time.isTwelveHours));
  return startMs === null || time.ms === null ? null : asIso(toUtcMs(startMs + time.ms));
}

/** @param isTwelveHours Times with AM and PM come with days written the American way. */
function dayIn(text: string, isTwelveHours: boolean): Day | null {
  for (const [pattern, build] of DAY_PATTERNS) {
    const found = pattern.exec(text);
    const day = found === null ? null : build(found.slice(1));
    if (day !== null) return day;
  }
  const slashes = SLASHES.exec(text);
  if (slashes === null) return null;
  const [, first = '', second = '', year] = slashes;
  if (isTwelveHours || Number(second) > 12) return numbers(year, first, second);
  // 3/4/2009 without a hint: March in one country, April in the others.
  return Number(first) > 12 || first === second ? numbers(year, second, first) : null;
}

function withName(year: string | undefined, name: string | undefined, day: string | undefined): Day | null {
  const month = monthOf(name ?? '');
  return month === null ? null : numbers(year, String(month), day);
}

function numbers(year: string | undefined, month: string | undefined, day: string | undefined): Day {
  const short = Number(year);
  const century = short >= CENTURY_PIVOT ? 1900 : 2000;
  return {
    year: year?.length === 2 ? century + short : short,
    month: Number(month),
    day: Number(day),
  };
}

/** Midnight of a day, UTC; null when the calendar has no such day. */
function startOf(day: Day | null): number | null {
  if (day === null || !(day.year >= YEAR_MIN && day.year <= YEAR_MAX)) return null;
  const startMs = Date.UTC(day.year, day.month - 1, day.day);
  const made = new Date(startMs);
  return made.getUTCMonth() + 1 === day.month && made.getUTCDate() === day.day ? startMs : null;
}

/** Programs write the beginning of 1970 when they have no date. */
function asIso(ms: number | null): string | null {
  if (ms === null || ms === 0) return null;
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
