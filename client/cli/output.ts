import { coloursFor } from './view/colours.js';

/** Width of a table when the output is no terminal: wide enough that nothing is cut which a program may search for. */
const PLAIN_WIDTH = 400;

/** One JSON document. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function printLines(lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
}

/** How to render for stdout now. */
export function stdoutView() {
  return {
    width: process.stdout.isTTY ? process.stdout.columns || 80 : PLAIN_WIDTH,
    nowMs: Date.now(),
    colours: coloursFor(process.stdout, process.env),
  };
}
