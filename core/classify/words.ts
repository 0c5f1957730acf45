import type { HttpCause, MediaCause } from '../causes.js';
import { classifyHttp } from './http/classify-http.js';
import { classifyMediaText, type TextContext } from './media-text.js';
import type { Disposition } from './types.js';

/** Causes that `explain` prints under another word, because the fixture files have none for them. */
const PRINTED_AS: Readonly<Partial<Record<MediaCause | 'benign', string>>> = {
  unknown: 'other',
  crashed: 'other',
  http_error: 'other',
  url_expired: 'unauthorized',
  host_unavailable: 'other',
  invalid_config: 'invalid_pipeline',
};

/** A verdict in the words of `explain`. */
export interface Explained {
  readonly cause: string;
  /** The same in the words of the catalogue. */
  readonly catalogueCause: MediaCause | HttpCause | 'benign';
  readonly disposition: Disposition;
  /** The decisive line, at most 300 characters. */
  readonly detail: string;
  /** Name of the rule that decided. */
  readonly rule: string;
}

/** What `explain` prints for the output of a media tool. Never throws. */
export function explainMedia(input: { readonly text: string } & TextContext): Explained {
  const { cause, disposition, detail, rule } = classifyMediaText(input.text, input);
  return { cause: PRINTED_AS[cause] ?? cause, catalogueCause: cause, disposition, detail, rule };
}

/** What `explain --http` prints for an error value. Never throws. */
export function explainHttp(error: unknown): Explained {
  const { cause, disposition, detail, rule } = classifyHttp(error);
  return { cause, catalogueCause: cause, disposition, detail, rule };
}
