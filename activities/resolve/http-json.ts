import jmespath from 'jmespath';
import type { ResolverConfig } from '../../core/config/stream.js';
import { concealSecrets, expandSecretValues, expandSecrets } from '../secrets/index.js';
import { HttpFailure } from './http/failure.js';
import { fetchPage, type Page } from './http/page.js';
import { withUserAgent } from './http/user-agent.js';
import { foreignMedia, isMediaUrl } from './media.js';
import {
  blocked,
  failed,
  live,
  notLive,
  unreachable,
  type Resolution,
  type ResolveContext,
} from './resolution.js';
import { asDetail } from './text.js';

type HttpJsonConfig = Extract<ResolverConfig, { kind: 'http-json' }>;

/** Asks a JSON API. A JMESPath picks the live address out of its answer. */
export async function resolveHttpJson(config: HttpJsonConfig, context: ResolveContext): Promise<Resolution> {
  const url = expandSecrets(config.url, context.env);
  const headers = expandSecretValues(
    withUserAgent({ accept: 'application/json', ...config.headers }),
    context.env,
  );
  let page: Page;
  try {
    page = await fetchPage({ url, headers, signal: context.signal });
  } catch (error) {
    if (error instanceof HttpFailure) return unreachable(asDetail(url), error);
    throw error;
  }
  return statusVerdict(page) ?? pickMedia(page, config, context);
}

/** What the status alone decides; null when the document has to be read. */
function statusVerdict({ url, status, retryAfterMs }: Page): Resolution | null {
  const site = asDetail(url);
  if (status < 400) return null;
  if (status === 404 || status === 410) return notLive(`${site} answered ${status}: there is no show`);
  if (status === 401) return failed('unauthorized', `${site} answered 401: the credentials were refused`);
  if (status === 403 || status === 429) return blocked(`${site} answered ${status}`, retryAfterMs);
  // A server that names the moment of its return is asked no sooner.
  return failed('http_error', `${site} answered ${status}`, retryAfterMs);
}

function pickMedia(page: Page, config: HttpJsonConfig, { env }: ResolveContext): Resolution {
  const site = asDetail(page.url);
  let document: unknown;
  try {
    document = JSON.parse(page.text);
  } catch {
    return failed('http_error', `${site} did not answer with JSON: ${asDetail(page.text)}`);
  }
  let found: unknown;
  let title: unknown;
  try {
    found = jmespath.search(document, config.path) as unknown;
    title =
      config.title_path === undefined ? null : (jmespath.search(document, config.title_path) as unknown);
  } catch (error) {
    return failed('invalid_config', `path or title_path is no JMESPath: ${(error as Error).message}`);
  }
  if (isNothing(found)) return notLive(`${site} names no live address at ${config.path}`);
  if (typeof found !== 'string' || !isMediaUrl(found)) {
    return failed('invalid_config', `${config.path} does not give an address but ${describe(found)}`);
  }
  const template = [config.url, ...Object.values(config.headers ?? {})].join('\n');
  const media = foreignMedia(found);
  return live(
    { ...media, url: concealSecrets(media.url, template, env) },
    typeof title === 'string' ? title : null,
  );
}

function isNothing(found: unknown): boolean {
  return (
    found === null ||
    found === undefined ||
    found === false ||
    found === '' ||
    (Array.isArray(found) && found.length === 0)
  );
}

function describe(found: unknown): string {
  return asDetail(JSON.stringify(found) ?? typeof found);
}
