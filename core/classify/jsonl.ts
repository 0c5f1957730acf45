import type { Disposition } from './types.js';
import { explainHttp, explainMedia, type Explained } from './words.js';

/** What `explain --jsonl` prints for a line. */
export interface ExplainedEntry {
  /** As given; null when the entry has none. */
  readonly id: unknown;
  readonly cause: string;
  readonly disposition: Disposition;
}

export type EntryResult =
  | { readonly ok: true; readonly entry: ExplainedEntry }
  /** Why the line cannot be explained, without its number. */
  | { readonly ok: false; readonly problem: string };

export interface EntryOptions {
  /** Take `error` (or `text`) as the error of an HTTP fetch. */
  readonly http: boolean;
  /** The program for entries that name none. */
  readonly tool?: string | undefined;
}

function explainFields(fields: Readonly<Record<string, unknown>>, options: EntryOptions): Explained | null {
  const { text, error, tool } = fields;
  if (!options.http && typeof text === 'string') {
    return explainMedia({ text, tool: typeof tool === 'string' ? tool : options.tool });
  }
  const value = error ?? text;
  return value === undefined || value === null ? null : explainHttp(value);
}

/** Classifies one line of a JSONL file: `text` is what a media tool printed, `error` the error of an HTTP fetch. Never throws. */
export function explainEntry(line: string, options: EntryOptions): EntryResult {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { ok: false, problem: `no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, problem: 'expected a JSON object with text or error' };
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const explained = explainFields(fields, options);
  if (explained === null) {
    return { ok: false, problem: options.http ? 'has no error' : 'has neither text nor error' };
  }
  const { cause, disposition } = explained;
  return { ok: true, entry: { id: fields['id'] ?? null, cause, disposition } };
}
