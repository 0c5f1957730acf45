import { charactersOf, cleanText, oneLine, shorten } from '../../../../core/announce/index.js';
import type { Level } from '../../../../core/notifications.js';
import type { SinkMessage } from '../message.js';

/** A message for people, in plain text: every messenger escapes it for its own markup. */
export interface Wording {
  /** One line; null when the text stands for itself. */
  readonly headline: string | null;
  readonly text: string;
}

const SIGNS: Readonly<Record<Level, string>> = { info: 'ℹ️', success: '✅', warning: '⚠️', error: '❌' };
/** Longest headline and evidence: whoever needs more asks `holdfast show`. */
const HEADLINE_MAX = 300;
const DETAIL_MAX = 600;

/** The words for a message: what happened to whom, then the facts and the evidence. */
export function wordingOf(message: SinkMessage): Wording {
  if (message.event === 'new_item') return { headline: null, text: cleanText(message.message) };
  return { headline: headlineOf(message), text: [...factLines(message), timeOf(message.time)].join('\n') };
}

/** The whole of a wording as one text. */
export function wholeText({ headline, text }: Wording): string {
  return headline === null ? text : `${headline}\n${text}`;
}

/** The sign of a level, for messengers that have no levels of their own. */
export function withSign(level: Level, wording: Wording): Wording {
  if (wording.headline === null) return wording;
  return { ...wording, headline: `${SIGNS[level]} ${wording.headline}` };
}

function headlineOf(message: SinkMessage): string {
  return shorten(oneLine(`${message.instance}: ${message.message}`), {
    max: HEADLINE_MAX,
    measure: charactersOf,
  });
}

function factLines(message: SinkMessage): string[] {
  const facts = [
    message.branch,
    message.cause?.replaceAll('_', ' ') ?? null,
    message.attempt === null ? null : `attempt ${message.attempt}`,
  ].filter((fact) => fact !== null);
  const detail = shorten(cleanText(message.detail), { max: DETAIL_MAX, measure: charactersOf });
  const lines = [facts.join(' · '), message.message.includes(detail) ? '' : detail];
  return lines.filter((line) => line !== '');
}

function timeOf(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at)
    ? oneLine(time)
    : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
