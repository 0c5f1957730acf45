/** How we name ourselves to a site: with whom to turn to, where the configuration says so. */
export function userAgentOf(version: string, contact: string | undefined): string {
  const name = `holdfast/${version}`;
  if (contact === undefined) return name;
  return `${name} (+${/^https?:/i.test(contact) ? '' : 'mailto:'}${contact})`;
}
