/**
 * Switches on every key of the example file that is commented out. A key follows its `#` at once, or after as much
 * space as its depth needs; prose is set off by exactly one space.
 */
export function uncommentKeys(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/^(\s*)#(?! \S)(?=\s*\S)(.*)$/, '$1$2'))
    .join('\n');
}
