/** A list written as words between bars, several to a line, so that a table of hundreds stays readable. */
export function listOf(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(' | '));
}
