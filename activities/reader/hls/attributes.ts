/** Reads the attribute list of an HLS tag: `A=1,B="x,y"` (quotes are removed). */
export function parseAttributes(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const match of text.matchAll(/([A-Z0-9-]+)=("[^"]*"|[^",]*)/g)) {
    const [, name, value] = match;
    if (name === undefined || value === undefined) continue;
    attributes.set(name, value.startsWith('"') ? value.slice(1, -1) : value);
  }
  return attributes;
}
