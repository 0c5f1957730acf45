import { parse } from 'tldts';
import type { SourceConfig } from '../../core/config/source.js';
import { siteKey } from '../resolve/limiter/index.js';

/**
 * What shares one limit: `auto` is the registrable domain where there is one, and the source itself on private hosts,
 * where one machine often serves many unrelated sources.
 */
export function rateKeyOf({ id, url, rate_scope }: Pick<SourceConfig, 'id' | 'url' | 'rate_scope'>): string {
  const ownKey = `source:${id}`;
  if (rate_scope === 'source') return ownKey;
  if (rate_scope === 'host') return URL.canParse(url) ? new URL(url).host : ownKey;
  return rate_scope === 'domain' || parse(url).isIcann === true ? siteKey(url) : ownKey;
}
