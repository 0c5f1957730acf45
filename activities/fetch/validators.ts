import { single } from '../resolve/http/page.js';
import type { Validators } from './request.js';

/** Longer ones are no validators but a fault. */
const VALIDATOR_LENGTH_MAX = 1_024;
/**
 * Some sites answer 304 for ever, e.g. because they compare with a date in the future: once in this time we ask for the
 * whole document.
 */
const FULL_FETCH_EVERY_MS = 86_400_000;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

function usable(header: string | string[] | undefined): string | null {
  const value = single(header)?.trim() ?? '';
  // What cannot be sent back in a header line is of no use.
  return /^[\x20-\x7e\x80-\xff]{1,}$/.test(value) && value.length <= VALIDATOR_LENGTH_MAX ? value : null;
}

/** The validators of an answer; null when there are none. A 304 keeps those it does not name. */
export function validatorsOf(headers: Headers, known: Validators | null): Validators | null {
  const etag = usable(headers['etag']) ?? known?.etag ?? null;
  const lastModified = usable(headers['last-modified']) ?? known?.lastModified ?? null;
  return etag === null && lastModified === null ? null : { etag, lastModified };
}

/** The headers of a conditional request. */
export function conditionalHeaders(validators: Validators | null): Record<string, string> {
  return {
    ...(validators?.etag == null ? {} : { 'if-none-match': validators.etag }),
    ...(validators?.lastModified == null ? {} : { 'if-modified-since': validators.lastModified }),
  };
}

/**
 * The validators to ask with, or null when it is time for the whole document again.
 * @param fullFetchAtMs When the site last sent the whole document; null when it never has.
 */
export function validatorsToSend(
  stored: Validators | null,
  fullFetchAtMs: number | null,
  nowMs: number,
): Validators | null {
  const isDue = fullFetchAtMs === null || Math.abs(nowMs - fullFetchAtMs) >= FULL_FETCH_EVERY_MS;
  return isDue ? null : stored;
}
