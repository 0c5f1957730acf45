/** The bare address of a recipient that may be written with a name: `Ann <ann@example.org>`. */
export function addressOf(recipient: string): string {
  return /<([^<>]*)>\s*$/.exec(recipient)?.[1]?.trim() ?? recipient.trim();
}
