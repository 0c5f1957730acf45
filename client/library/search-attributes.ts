import { defineSearchAttributeKey, type SearchAttributePair, SearchAttributeType } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../../core/search-attributes.js';

/** Search attributes by which instances are listed without asking any workflow. */
const KIND_ATTRIBUTE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.kind, SearchAttributeType.KEYWORD);
export const STATE_ATTRIBUTE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.state, SearchAttributeType.KEYWORD);
export const HOST_ATTRIBUTE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.host, SearchAttributeType.KEYWORD);

/** Attributes of an instance that is about to start. */
export function startAttributes(kind: string, config: unknown, state = 'starting'): SearchAttributePair[] {
  const host = hostOf(config);
  const pairs: SearchAttributePair[] = [
    { key: KIND_ATTRIBUTE, value: kind },
    { key: STATE_ATTRIBUTE, value: state },
  ];
  if (host !== undefined) pairs.push({ key: HOST_ATTRIBUTE, value: host });
  return pairs;
}

function hostOf(config: unknown): string | undefined {
  if (typeof config !== 'object' || config === null || !('host' in config)) return undefined;
  return typeof config.host === 'string' ? config.host : undefined;
}
