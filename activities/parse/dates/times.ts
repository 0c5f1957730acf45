/** A time of day as found in a text, and what stands around it. */
export interface FoundTime {
  /** Since midnight; null when no clock shows it. */
  readonly ms: number | null;
  /** Written with AM or PM. */
  readonly isTwelveHours: boolean;
  readonly before: string;
  readonly after: string;
}

const HALF_AFTER = /^\s?(?:(?<am>a\.?\s?m\b\.?|π\.?μ\.?)|p\.?\s?m\b\.?|μ\.?μ\.?)/u;
const HALF_BEFORE = /(?:(?<am>上午|午前|오전)|下午|午後|오후)\s?$/u;

const PATTERNS: readonly RegExp[] = [
  // 14:24, 14:24:59.123
  /(?<!\d)(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,:]\d{1,9})?)?/,
  // 142459 after 20090303
  /(?<=^\d{8}t?)(\d{2})(\d{2})(\d{2})?(?!\d)/,
  // 14h24, 14 h
  /(?<![\d\p{L}])(\d{1,2})\s?h(?:\s?(\d{2})(?:\s?m(?:in)?)?)?(?![\d\p{L}])/u,
  // 14時24分59秒
  /(?<!\d)(\d{1,2})\s?[時时點点시](?:\s?(\d{1,2})\s?[分분](?:\s?(\d{1,2})\s?[秒초])?)?/u,
];
/** 14.24.59: only beside a day, for days are written so, too. */
const WITH_DOTS = /(?<=^|[\s,])(\d{1,2})\.(\d{2})(?:\.(\d{2}))?(?![\d.])/g;

/**
 * Finds the time in a date; null when there is none.
 * @param text In lower case.
 * @param isDay Whether a text holds a day.
 */
export function findTime(text: string, isDay: (text: string) => boolean): FoundTime | null {
  for (const pattern of PATTERNS) {
    const match = pattern.exec(text);
    if (match !== null) return timeAt(text, match);
  }
  const dotted = [...text.matchAll(WITH_DOTS)].map((match) => timeAt(text, match));
  return dotted.find(({ before }) => isDay(before)) ?? dotted.find(({ after }) => isDay(after)) ?? null;
}

function timeAt(text: string, match: RegExpExecArray): FoundTime {
  const [found, hours, minutes = '0', seconds = '0'] = match;
  const before = text.slice(0, match.index);
  const after = text.slice(match.index + found.length);
  const half = HALF_AFTER.exec(after) ?? HALF_BEFORE.exec(before);
  const isMorning = half === null ? null : half.groups?.['am'] !== undefined;
  return {
    ms: sinceMidnight(Number(hours), Number(minutes), Number(seconds), isMorning),
    isTwelveHours: half !== null,
    before: before.replace(HALF_BEFORE, '').replace(/t$/, ''),
    after: after.replace(HALF_AFTER, ''),
  };
}

/** @param isMorning Null for a clock of 24 hours. */
function sinceMidnight(
  hours: number,
  minutes: number,
  seconds: number,
  isMorning: boolean | null,
): number | null {
  if (hours > 24 || minutes > 59 || seconds > 60) return null;
  if (isMorning !== null && (hours > 12 || hours === 0)) return null;
  const hourOfDay = isMorning === null ? hours : (hours % 12) + (isMorning ? 0 : 12);
  return ((hourOfDay * 60 + minutes) * 60 + seconds) * 1_000;
}
