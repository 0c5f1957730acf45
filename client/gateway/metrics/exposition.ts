/** `# HELP name ...` and `# TYPE name ...`. */
const ABOUT = /^# (?:HELP|TYPE) (\S+)/;

/**
 * Puts two texts for Prometheus together as one that is valid: a metric that both know is told by the first one only, because
 * it may be described just once.
 */
export function joinExpositions(first: string, second: string): string {
  const lines = first.split('\n').filter((line) => line.trim() !== '');
  const told = new Set(lines.flatMap((line) => ABOUT.exec(line)?.[1] ?? []));
  let isTold = false;
  for (const line of second.split('\n')) {
    const name = ABOUT.exec(line)?.[1];
    if (name !== undefined) isTold = told.has(name);
    else if (line.trim() === '' || line.startsWith('#')) continue;
    if (!isTold) lines.push(line);
  }
  // prom-client writes it in a way that is not in the format.
  return `${lines.map((line) => line.replace(/ Nan$/, ' NaN')).join('\n')}\n`;
}
