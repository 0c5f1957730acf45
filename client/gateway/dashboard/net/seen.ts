/** Values of a data attribute of the elements that are on the screen now; none while nobody looks at the page. */
export function seenOnScreen(attribute: string): string[] {
  if (document.hidden) return [];
  const values: string[] = [];
  for (const element of document.querySelectorAll(`[${attribute}]`)) {
    const { top, bottom } = element.getBoundingClientRect();
    const value = element.getAttribute(attribute);
    if (value !== null && bottom >= 0 && top <= window.innerHeight) values.push(value);
  }
  return values;
}
