import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** How a shell ended, and everything it printed. */
export interface ShellEnd {
  readonly exitCode: number | undefined;
  readonly all: string;
}

/** Runs functions of the scripts' library in a shell of their own, with a PATH that holds only what is given. */
export async function runShell(code: string, environment: Record<string, string>): Promise<ShellEnd> {
  const sources = ['common', 'node', 'system', 'temporal'].map((name) => `source scripts/lib/${name}.sh;`);
  const { exitCode, all } = await execa(
    '/bin/bash',
    ['-c', `set -euo pipefail; ${sources.join(' ')} ${code}`],
    { cwd: ROOT, env: environment, extendEnv: false, all: true, reject: false, timeout: 50_000 },
  );
  return { exitCode, all };
}

/** Writes a program that behaves as the shell script says. */
export function writeProgram(folder: string, name: string, script: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
}

/** A folder of the system's programs without some of them, as on a machine that lacks these. */
export function systemWithout(folder: string, lacks: RegExp): string {
  const bin = join(folder, 'system');
  mkdirSync(bin);
  for (const name of readdirSync('/usr/bin')) {
    if (!lacks.test(name)) symlinkSync(join('/usr/bin', name), join(bin, name));
  }
  return bin;
}
