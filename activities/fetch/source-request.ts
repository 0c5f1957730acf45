import type { SourceConfig } from '../../core/config/source.js';
import { expandSecrets, expandSecretValues, type Environment } from '../secrets/index.js';
import type { FetchRequest, Validators } from './request.js';
import { userAgentOf } from './user-agent.js';

type ParseKind = SourceConfig['parse']['kind'];

const ACCEPT: Readonly<Record<ParseKind, string>> = {
  feed: 'application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5',
  html: 'text/html, application/xhtml+xml, */*;q=0.5',
  json: 'application/json, */*;q=0.5',
  raw: '*/*',
};

/** robots.txt is for pages: a feed and a JSON document are there for programs. */
const PAGE_KINDS: ReadonlySet<ParseKind> = new Set(['html', 'raw']);

export interface SourceRequestOptions {
  readonly env: Environment;
  /** Of holdfast, for the User-Agent. */
  readonly version: string;
  /** Of the configuration, for the User-Agent of sources that name none of their own. */
  readonly contact?: string | undefined;
  readonly validators: Validators | null;
}

/**
 * The request that a source's configuration asks for, with its secrets filled in.
 * @throws {MissingSecretError} when the environment does not hold one of them.
 */
export function sourceRequest(source: SourceConfig, options: SourceRequestOptions): FetchRequest {
  const { kind } = source.parse;
  return {
    url: expandSecrets(source.url, options.env),
    headers: expandSecretValues(source.headers ?? {}, options.env),
    userAgent: source.user_agent ?? userAgentOf(options.version, options.contact),
    accept: ACCEPT[kind],
    validators: options.validators,
    limits: source.fetch,
    allowPrivate: source.allow_private,
    obeyRobots: source.robots === 'obey' || (source.robots === 'auto' && PAGE_KINDS.has(kind)),
  };
}
