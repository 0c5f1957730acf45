import { execFile } from 'node:child_process';

/** What a check printed; a check that does not end in time, or cannot be started, says nothing. */
export type TrialResult =
  | { readonly kind: 'passed' | 'failed'; readonly output: string }
  | { readonly kind: 'silent'; readonly reason: string };

/** A sound program answers at once; on a machine under full load that may take a while. */
const TRIAL_TIMEOUT_MS = 15_000;
/** Enough for the words of any refusal. */
const OUTPUT_BYTES_MAX = 256 * 1024;

/** Runs a program to its end and answers what it printed on stderr and stdout. Never throws. */
export function tryProgram(argv: readonly string[], cwd: string): Promise<TrialResult> {
  const [program, ...words] = argv as [string, ...string[]];
  const environment = { PATH: process.env['PATH'], HOME: process.env['HOME'], LANG: 'C.UTF-8' };
  const options = {
    cwd,
    env: environment,
    timeout: TRIAL_TIMEOUT_MS,
    killSignal: 'SIGKILL' as const,
    maxBuffer: OUTPUT_BYTES_MAX,
  };
  return new Promise((resolve) => {
    const child = execFile(program, words, options, (error, stdout, stderr) => {
      const output = `${stderr}${stdout}`;
      if (error === null) resolve({ kind: 'passed', output });
      else if (typeof error.code === 'number') resolve({ kind: 'failed', output });
      else resolve({ kind: 'silent', reason: error.message });
    });
    child.stdin?.end();
  });
}
