// How the set-up comes to a Temporal server: PATH, cache, download, Go. The programs it calls are stood in for by small
// scripts that say and do what the real ones do; the real build takes minutes and is not repeated here.
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runShell, systemWithout, writeProgram } from './run-shell.js';

const TEMPORAL = 'echo "temporal version 1.5.1 (Server 1.29.1)"';
/** Installs a program as `go install` does, and leaves read-only module files as Go does. */
const GO = `
if [ "$1" = env ]; then echo go1.26.0; exit; fi
echo install >>"$GO_CALLS"
mkdir -p "$GOBIN" "$GOMODCACHE/module"
echo source >"$GOMODCACHE/module/file"
chmod -R a-w "$GOMODCACHE/module"
[ -z "\${GO_SLEEPS:-}" ] || { touch "$GO_CALLS.begun"; sleep "$GO_SLEEPS"; }
printf '#!/bin/bash\\n${TEMPORAL.replaceAll('"', '\\"')}\\n' >"$GOBIN/temporal"
chmod 755 "$GOBIN/temporal"
`;

let folder: string;
let environment: Record<string, string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-setup-'));
  const system = systemWithout(folder, /^(temporal|go|node)$/);
  environment = {
    PATH: `${join(folder, 'bin')}:${system}`,
    HOME: folder,
    HOLDFAST_CACHE: join(folder, 'cache'),
    TMPDIR: join(folder, 'temporary'),
    GO_CALLS: join(folder, 'go-calls'),
  };
  // Stands for a machine without internet: the downloader fails at once.
  writeProgram(join(folder, 'bin'), 'node', 'exit 1');
  writeProgram(environment['TMPDIR'] ?? '', 'keep', '');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function goCalls(): number {
  return readFileSync(join(folder, 'go-calls'), 'utf8').trim().split('\n').length;
}

function leftInTemporaryFolder(): string[] {
  return readdirSync(environment['TMPDIR'] ?? '').filter((name) => name !== 'keep');
}

describe('the set-up of the Temporal server', () => {
  it('takes the one on the PATH', async () => {
    writeProgram(join(folder, 'bin'), 'temporal', TEMPORAL);
    const { exitCode, all } = await runShell('ensure_temporal', environment);
    expect({ exitCode, all }).toEqual({
      exitCode: 0,
      all: `✓ temporal version 1.5.1 (Server 1.29.1) at ${join(folder, 'bin/temporal')}`,
    });
  });

  it('takes the one in the cache when that on the PATH does not run', async () => {
    writeProgram(join(folder, 'bin'), 'temporal', 'exit 126');
    writeProgram(join(folder, 'cache/bin'), 'temporal', TEMPORAL);
    const { all } = await runShell('ensure_temporal', environment);
    expect(all).toContain(join(folder, 'cache/bin/temporal'));
  });

  it('builds it with Go where it cannot be downloaded, and removes all that the build needed', async () => {
    writeProgram(join(folder, 'bin'), 'go', GO);
    const { exitCode, all } = await runShell('ensure_temporal', environment);
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    expect(all).toContain('building the Temporal server with Go, about 3 minutes');
    expect(existsSync(join(folder, 'cache/bin/temporal'))).toBe(true);
    expect(leftInTemporaryFolder()).toEqual([]);
    const again = await runShell('ensure_temporal', environment);
    expect(again.all).not.toContain('building');
    expect(goCalls()).toBe(1);
  });

  it('builds once when two set-ups run at the same time', async () => {
    writeProgram(join(folder, 'bin'), 'go', GO);
    const slow = { ...environment, GO_SLEEPS: '1' };
    const both = await Promise.all([runShell('ensure_temporal', slow), runShell('ensure_temporal', slow)]);
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(goCalls()).toBe(1);
  });

  it('removes the build folder when the build fails, and keeps nothing in the cache', async () => {
    writeProgram(
      join(folder, 'bin'),
      'go',
      'if [ "$1" = env ]; then echo go1.26.0; exit; fi; echo "module not found" >&2; exit 1',
    );
    const { exitCode, all } = await runShell('ensure_temporal', environment);
    expect(exitCode).toBe(1);
    expect(all).toContain('module not found');
    expect(leftInTemporaryFolder()).toEqual([]);
    expect(existsSync(join(folder, 'cache/bin/temporal'))).toBe(false);
  });

  it('says what can be done when there is neither internet nor a Go that is new enough', async () => {
    writeProgram(join(folder, 'bin'), 'go', 'echo go1.19.8');
    const { exitCode, all } = await runShell('ensure_temporal', environment);
    expect(exitCode).toBe(1);
    expect(all).toContain('no Go 1.25.0 or newer to build it with');
    expect(all).toContain('put the Temporal CLI on the PATH');
  });

  it('never puts a program in place that does not run', async () => {
    const broken = join(folder, 'broken');
    writeProgram(folder, 'broken', 'exit 1');
    chmodSync(broken, 0o755);
    const { exitCode } = await runShell(`keep_temporal ${broken}`, environment);
    expect(exitCode).not.toBe(0);
    expect(readdirSync(join(folder, 'cache/bin'))).toEqual([]);
  });
});
