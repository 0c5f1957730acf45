import { readFile, stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { AttemptFailure, fetchOnce, RobotsRules, sourceRequest, unpack } from '../activities/fetch/index.js';
import { parseBody, type ParseOutcome } from '../activities/parse/index.js';
import type { HttpCause } from '../core/causes.js';
import type { SourceConfig } from '../core/config/source.js';
import { holdfastVersion } from './version.js';

/** How a source answered once, before its answer was read. */
export interface TriedAnswer {
  /** Where it came from, after redirects. */
  readonly url: string;
  /** HTTP status; null for a file. */
  readonly status: number | null;
  readonly contentType: string | null;
  readonly bytes: number;
  readonly totalMs: number | null;
  /** Where the site says the source has moved for good. */
  readonly movedTo: string | null;
  /** The site can say later that nothing has changed. */
  readonly hasValidators: boolean;
}

export type TriedSource =
  | { readonly kind: 'read'; readonly answer: TriedAnswer; readonly outcome: ParseOutcome }
  | {
      readonly kind: 'not_fetched';
      readonly cause: HttpCause | 'deferred';
      readonly detail: string;
      readonly status: number | null;
    };

/** Fetches an address once, with the limits of a source, and reads the answer. Nothing is kept and nobody is asked twice. */
export async function trySourceUrl(config: SourceConfig): Promise<TriedSource> {
  const options = { env: process.env, version: holdfastVersion(), validators: null };
  const outcome = await fetchOnce(sourceRequest(config, options), { robots: new RobotsRules() });
  if (outcome.kind !== 'ok') {
    const cause = outcome.kind === 'failed' ? outcome.cause : 'deferred';
    const detail = 'detail' in outcome ? outcome.detail : 'HTTP 304 to a question without validators';
    return { kind: 'not_fetched', cause, detail, status: outcome.status ?? null };
  }
  const { body, contentType, finalUrl, movedTo, status, timings, validators, wireBytes } = outcome;
  const answer = {
    url: finalUrl,
    status,
    contentType,
    bytes: wireBytes,
    totalMs: timings.totalMs,
    movedTo,
    hasValidators: validators !== null,
  };
  return { kind: 'read', answer, outcome: read(config, body, contentType, finalUrl) };
}

/**
 * Reads a file as if it were the answer of a source, also a packed one. Throws when it cannot be read.
 * @param contentType What the site would say that it is.
 */
export async function trySourceFile(
  file: string,
  contentType: string | null,
  config: SourceConfig,
): Promise<TriedSource> {
  const { size } = await stat(file);
  const bytesMax = config.fetch.max_body;
  if (size > bytesMax) return notRead('too_large', `the file is larger than ${bytesMax} bytes`);
  const url = pathToFileURL(file).href;
  const facts = { status: null, totalMs: null, movedTo: null, hasValidators: false };
  try {
    const body = await unpack(await readFile(file), '', bytesMax);
    return {
      kind: 'read',
      answer: { url, bytes: size, contentType, ...facts },
      outcome: read(config, body, contentType, url),
    };
  } catch (error) {
    if (error instanceof AttemptFailure) return notRead(error.httpCause, error.message);
    throw error;
  }
}

function notRead(cause: HttpCause, detail: string): TriedSource {
  return { kind: 'not_fetched', cause, detail, status: null };
}

function read(config: SourceConfig, body: Buffer, contentType: string | null, url: string): ParseOutcome {
  const { parse, dedup, charset } = config;
  return parseBody({ parse, dedup, body, contentType, url, ...(charset === undefined ? {} : { charset }) });
}
