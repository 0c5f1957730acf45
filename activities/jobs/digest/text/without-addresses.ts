const ADDRESS = /(?:\b[a-z][a-z0-9+.-]{1,20}:\/\/|\bwww\.|\bjavascript:|\bdata:|\bmailto:)\S*/gi;

/**
 * Takes addresses out of a text: the only links of a digest are those of its items, whatever a text, or a model that has read one,
 * would like people to open.
 */
export function withoutAddresses(text: string): string {
  return text.replaceAll(ADDRESS, '').replaceAll(/\s+/g, ' ').trim();
}
