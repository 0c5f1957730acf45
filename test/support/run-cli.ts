import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { execa } from 'execa';

/** Compiled programs: `npm test` builds them before the tests run. */
const dist = process.env['HOLDFAST_DIST'] ?? fileURLToPath(new URL('../../dist', import.meta.url));

/** Program and arguments that run the compiled command line. */
export function cliCommand(args: readonly string[]): [string, ...string[]] {
  const main = pathToFileURL(join(dist, 'client/cli/main.js')).href;
  const script = `const { main } = await import('${main}'); await main(['node', 'holdfast', ...process.argv.slice(1)]);`;
  return [process.execPath, '--input-type=module', '-e', script, '--', ...args];
}

export interface CliResult {
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the compiled command line to its end. */
export async function runCli(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Record<string, string>; readonly timeoutMs?: number } = {},
): Promise<CliResult> {
  const [program, ...rest] = cliCommand(args);
  const { cwd, env, timeoutMs = 30_000 } = options;
  const result = await execa(program, rest, {
    reject: false,
    timeout: timeoutMs,
    stdin: 'ignore',
    extendEnv: false,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/tmp', ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  return { status: result.exitCode, stdout: result.stdout, stderr: result.stderr };
}
