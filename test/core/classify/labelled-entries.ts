import { readFileSync } from 'node:fs';
import { explainHttp, explainMedia, type Explained } from '../../../core/classify/index.js';

/** A line of a fixture file: what was printed or thrown, and the label. */
export interface LabelledEntry {
  readonly id: number;
  readonly tool?: string;
  readonly text?: string;
  readonly error?: unknown;
  readonly cause: string;
  readonly disposition: string;
  readonly note?: string;
}

export interface Difference {
  readonly id: number;
  readonly expected: string;
  readonly got: string;
  readonly note: string;
}

export interface Score {
  readonly count: number;
  readonly causeShare: number;
  readonly dispositionShare: number;
  readonly differences: readonly Difference[];
}

/** Reads a fixture below `test/fixtures`. */
export function readEntries(name: string): LabelledEntry[] {
  const file = new URL(`../../fixtures/${name}`, import.meta.url);
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LabelledEntry);
}

/** The verdict over an entry from nothing but what `explain` is given. */
export function explainLabelled(entry: LabelledEntry): Explained {
  return entry.text === undefined
    ? explainHttp(entry.error)
    : explainMedia({ text: entry.text, tool: entry.tool });
}

/** How often the verdicts agree with the labels, and where they do not. */
export function score(entries: readonly LabelledEntry[]): Score {
  let causes = 0;
  let dispositions = 0;
  const differences: Difference[] = [];
  for (const entry of entries) {
    const { cause, disposition } = explainLabelled(entry);
    if (cause === entry.cause) causes += 1;
    if (disposition === entry.disposition) dispositions += 1;
    const expected = `${entry.cause}/${entry.disposition}`;
    const got = `${cause}/${disposition}`;
    if (expected !== got) differences.push({ id: entry.id, expected, got, note: entry.note ?? '' });
  }
  const count = entries.length;
  return { count, causeShare: causes / count, dispositionShare: dispositions / count, differences };
}
