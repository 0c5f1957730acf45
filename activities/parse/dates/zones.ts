/** Hours ahead of UTC, by the names that feeds use. Those with several meanings have the most common one. */
const HOURS: Readonly<Record<string, number>> = {
  acdt: 10.5,
  acst: 9.5,
  adt: -3,
  aedt: 11,
  aest: 10,
  akdt: -8,
  akst: -9,
  art: -3,
  ast: -4,
  awst: 8,
  brt: -3,
  bst: 1,
  cdt: -5,
  cest: 2,
  cet: 1,
  cst: -6,
  eat: 3,
  edt: -4,
  eest: 3,
  eet: 2,
  est: -5,
  hkt: 8,
  hst: -10,
  ist: 5.5,
  jst: 9,
  kst: 9,
  mdt: -6,
  mest: 2,
  mesz: 2,
  met: 1,
  mez: 1,
  msk: 3,
  mst: -7,
  ndt: -2.5,
  nst: -3.5,
  nzdt: 13,
  nzst: 12,
  pdt: -7,
  pkt: 5,
  pst: -8,
  sast: 2,
  sgt: 8,
  wat: 1,
  west: 1,
};

/** Names that mean another offset in summer. */
const PLACES: Readonly<Record<string, string>> = {
  ct: 'america/chicago',
  et: 'america/new_york',
  mt: 'america/denver',
  pt: 'america/los_angeles',
};

const OFFSET =
  /(?:(?<![\p{L}\d])|(?<=gmt|utc?))([+-])(?:\s?(\d{1,2}):(\d{2})|\s?(\d{2})(\d{2})|(\d{1,2}))(?!\d)/u;
const SIGNED_NUMBER = /(?<![\p{L}\d])[+-]\d/u;
const NAME = /(?<![\p{L}\d])([a-z]{1,5})(?![\p{L}\d])/gu;
/** Europe/Berlin, America/Argentina/Buenos_Aires */
const PLACE = /(?<![\p{L}\d/])[a-z]{2,}(?:\/[a-z][a-z0-9_+-]+){1,2}/u;
const UTC_NAMES: ReadonlySet<string> = new Set(['z', 'ut', 'utc', 'gmt', 'wet']);
/** No place on earth is further ahead or behind. */
const AHEAD_MAX_MS = 15 * 3_600_000;

/** A zone as found in a text, and the text without it. */
export interface FoundZone {
  /** The instant at which the clocks of the zone show a time, which is given as if it were UTC; null when there is no such zone. */
  readonly toUtcMs: (localMs: number) => number | null;
  readonly rest: string;
}

/**
 * Finds the zone in what follows the time of a date. None, or an abbreviation that nobody knows, is UTC, as RFC 5322 says.
 * @param text In lower case.
 */
export function findZone(text: string): FoundZone {
  const place = PLACE.exec(text)?.[0];
  const others = place === undefined ? text : text.replace(place, ' ');
  const plain = others.replace(/\([^)]*\)/g, ' ');
  const offset = OFFSET.exec(plain);
  if (offset !== null) {
    const [found, sign, hours = offset[4] ?? offset[6], minutes = offset[5] ?? '0'] = offset;
    const aheadMs = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
    return { toUtcMs: ahead(aheadMs), rest: plain.replace(found, ' ').replace(/\b(?:gmt|utc)\b/, ' ') };
  }
  if (SIGNED_NUMBER.test(plain)) return { toUtcMs: () => null, rest: plain };
  if (place !== undefined) return { toUtcMs: (localMs) => utcIn(place, localMs), rest: plain };
  for (const [, name = ''] of others.matchAll(NAME)) {
    const found = toUtcByName(name);
    if (found !== null) return { toUtcMs: found, rest: plain.replace(name, ' ') };
  }
  return { toUtcMs: ahead(0), rest: plain };
}

function toUtcByName(name: string): FoundZone['toUtcMs'] | null {
  const place = PLACES[name];
  if (place !== undefined) return (localMs) => utcIn(place, localMs);
  const hours = UTC_NAMES.has(name) ? 0 : HOURS[name];
  return hours === undefined ? null : ahead(hours * 3_600_000);
}

function ahead(aheadMs: number): FoundZone['toUtcMs'] {
  return (localMs) => (Math.abs(aheadMs) > AHEAD_MAX_MS ? null : localMs - aheadMs);
}

/** By the offset that the place has about then; in the hour that a change of clocks repeats or leaves out, by one of the two. */
function utcIn(place: string, localMs: number): number | null {
  const about = aheadIn(place, localMs);
  if (about === null) return null;
  const then = aheadIn(place, localMs - about);
  return then === null ? null : localMs - then;
}

/** Making one takes long. There are some 600 places. */
const CLOCKS = new Map<string, Intl.DateTimeFormat>();

function aheadIn(place: string, utcMs: number): number | null {
  try {
    const clock =
      CLOCKS.get(place) ?? new Intl.DateTimeFormat('en', { timeZone: place, timeZoneName: 'longOffset' });
    CLOCKS.set(place, clock);
    const name = clock.formatToParts(utcMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
    return (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * (sign === '-' ? -60_000 : 60_000);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
