import type { LookupFunction } from 'node:net';
import type { HttpCause } from '../../core/causes.js';
import type { SourceConfig } from '../../core/config/source.js';
import type { Deferral } from '../../core/source-cycle/index.js';

/** What a site gave us to ask with whether anything has changed. Opaque: sent back byte by byte. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** Limits of one fetch: milliseconds and bytes. */
export type FetchLimits = SourceConfig['fetch'];

/** One attempt at a source. Secrets are filled in already. */
export interface FetchRequest {
  readonly url: string;
  /** Of the configuration. They reach no other site through a redirect. */
  readonly headers: Readonly<Record<string, string>>;
  readonly userAgent: string;
  readonly accept: string;
  /** Null asks for the whole document. */
  readonly validators: Validators | null;
  readonly limits: FetchLimits;
  /** Allows private, loopback and link-local addresses, on every hop. */
  readonly allowPrivate: boolean;
  readonly obeyRobots: boolean;
}

/** How long the answer took, in milliseconds since the start of the attempt. */
export interface FetchTimings {
  readonly headersMs: number;
  readonly totalMs: number;
}

interface Answered {
  readonly status: number;
  /** Where the redirects have led, without credentials. */
  readonly finalUrl: string;
  /** Where the site says the source has moved for good; null when it has not. */
  readonly movedTo: string | null;
  /** `content-type` and what is about caching; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** To be stored after the items are, never before; null when the site gave none. */
  readonly validators: Validators | null;
  /** How long the site says that the answer stays fresh; null when it does not say. */
  readonly freshForMs: number | null;
  readonly timings: FetchTimings;
}

export type FetchOutcome =
  | (Answered & {
      readonly kind: 'ok';
      /** Decompressed. */
      readonly body: Buffer;
      readonly contentType: string | null;
      /** Bytes of the body as they came. */
      readonly wireBytes: number;
    })
  | (Answered & { readonly kind: 'not_modified' })
  | {
      readonly kind: 'deferred';
      /** Not sooner than this: milliseconds since 1970. */
      readonly untilMs: number;
      readonly because: Deferral;
      readonly detail: string;
      /** Absent when nothing was sent, because the site is left alone for now. */
      readonly status?: number;
    }
  | {
      readonly kind: 'failed';
      readonly cause: HttpCause;
      readonly detail: string;
      /** Whether another attempt in the same cycle is of use. */
      readonly retryable: boolean;
      readonly status?: number;
    };

export type FailedFetch = Extract<FetchOutcome, { kind: 'failed' }>;

/** What robots.txt says about an address; the outcome instead, when it could not be read. */
export type RobotsVerdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly outcome: FetchOutcome };

/** Who is asked before a page is fetched. */
export interface RobotsGate {
  verdict(url: URL, request: FetchRequest, deps: FetchDeps): Promise<RobotsVerdict>;
}

export interface FetchDeps {
  /** Ends the attempt; its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Needed when the request is to obey robots.txt. */
  readonly robots?: RobotsGate;
  readonly lookup?: LookupFunction;
  readonly isPrivateAddress?: (address: string) => boolean;
  /** Certificates (PEM) trusted beside those of the system. */
  readonly trustedCertificates?: readonly string[];
  readonly nowMs?: () => number;
}
