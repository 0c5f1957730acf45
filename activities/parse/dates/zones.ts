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

const OFFSET = /([+-])\s?(\d{1,2})(?::?(\d{2}))?(?!\d)/;
const NAME = /(?<![\p{L}\d])([a-z]{1,5})(?![\p{L}\d])/gu;
const UTC_NAMES: ReadonlySet<string> = new Set(['z', 'ut', 'utc', 'gmt', 'wet']);

/** A zone as found in a text, and the text without it. */
export interface FoundZone {
  readonly aheadMs: number;
  readonly rest: string;
}

/**
 * Finds the zone in what follows the time of a date. None, or a name that nobody knows, is UTC, as RFC 5322 says.
 * @param text In lower case.
 */
export function findZone(text: string): FoundZone {
  const plain = text.replace(/\([^)]*\)/g, ' ');
  const offset = OFFSET.exec(plain);
  if (offset !== null) {
    const [found, sign, hours = '0', minutes = '0'] = offset;
    const aheadMs = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
    return { aheadMs, rest: plain.replace(found, ' ').replace(/\b(?:gmt|utc)\b/, ' ') };
  }
  for (const [, name = ''] of plain.matchAll(NAME)) {
    const hours = UTC_NAMES.has(name) ? 0 : HOURS[name];
    if (hours !== undefined) return { aheadMs: hours * 3_600_000, rest: plain.replace(name, ' ') };
  }
  return { aheadMs: 0, rest: plain };
}
