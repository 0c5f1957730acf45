import type { CheckResult, CheckStatus } from '../../doctor/index.js';
import type { Colours } from './colours.js';

const MARKS = { ok: '✓', warning: '!', failed: '✗' } as const satisfies Record<CheckStatus, string>;

/** One line for each check, and one below it where something is to be done. */
export function renderChecks(results: readonly CheckResult[], colours: Colours): readonly string[] {
  const width = Math.max(...results.map((result) => result.name.length));
  return results.flatMap((result) => {
    const paint = { ok: colours.green, warning: colours.yellow, failed: colours.red }[result.status];
    const indent = ' '.repeat(width + 4);
    const detail = result.detail.split('\n').join(`\n${indent}`);
    const line = `${paint(MARKS[result.status])} ${result.name.padEnd(width)}  ${detail}`;
    return result.mend === null ? [line] : [line, `${indent}${colours.dim(`→ ${result.mend}`)}`];
  });
}
