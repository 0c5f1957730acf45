// System programs: installed with apt-get as root, otherwise the exact command is printed. `id` and `apt-get` are
// stood in for, so that nothing is installed on the machine that runs this test.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runShell, systemWithout, writeProgram } from './run-shell.js';

/** Notes its arguments; installing ffmpeg makes the programs appear. */
const APT_GET = `
echo "$DEBIAN_FRONTEND $*" >>"$APT_CALLS"
case " $* " in *" ffmpeg "*)
  for name in ffmpeg ffprobe; do
    printf '#!/bin/bash\\necho "$0 version 5.1.9"\\n' >"$APT_BIN/$name"; chmod 755 "$APT_BIN/$name"
  done
esac
`;

let folder: string;
let environment: Record<string, string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-setup-'));
  const bin = join(folder, 'bin');
  environment = {
    PATH: `${bin}:${systemWithout(folder, /^(ff|apt-get$|id$|gst-(launch|inspect))/)}`,
    HOME: folder,
    HOLDFAST_CACHE: join(folder, 'cache'),
    APT_CALLS: join(folder, 'apt-calls'),
    APT_BIN: bin,
  };
  writeProgram(bin, 'id', 'echo 0');
  writeProgram(bin, 'apt-get', APT_GET);
  writeProgram(bin, 'gst-inspect-1.0', 'exit 0');
  writeProgram(bin, 'gst-launch-1.0', 'echo "gst-launch-1.0 version 1.22.0"');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the set-up of system programs', () => {
  it('installs what is missing as root: lists first, without a question, waiting for the lock', async () => {
    const { exitCode, all } = await runShell('ensure_system_programs', environment);
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    expect(all).toContain('✓ ffmpeg 5.1.9');
    expect(readFileSync(join(folder, 'apt-calls'), 'utf8').trim().split('\n')).toEqual([
      'noninteractive -o DPkg::Lock::Timeout=300 update',
      'noninteractive -o DPkg::Lock::Timeout=300 install -y --no-install-recommends ffmpeg',
    ]);
  });

  it('asks apt-get for nothing when all is there', async () => {
    await runShell('ensure_system_programs', environment);
    const calls = readFileSync(join(folder, 'apt-calls'), 'utf8');
    const { all } = await runShell('ensure_system_programs', environment);
    expect(all).not.toContain('installing');
    expect(readFileSync(join(folder, 'apt-calls'), 'utf8')).toBe(calls);
  });

  it('prints the exact command and exits with 1 when it is not root', async () => {
    writeProgram(join(folder, 'bin'), 'id', 'echo 1000');
    const { exitCode, all } = await runShell('ensure_system_programs', environment);
    expect(exitCode).toBe(1);
    expect(all).toContain('sudo apt-get update && sudo apt-get install -y --no-install-recommends ffmpeg');
  });

  it('names the package of a GStreamer element that is missing', async () => {
    writeProgram(join(folder, 'bin'), 'id', 'echo 1000');
    writeProgram(join(folder, 'bin'), 'gst-inspect-1.0', '[ "$2" != x264enc ]');
    const { all } = await runShell('ensure_system_programs', environment);
    expect(all).toContain('gstreamer1.0-plugins-ugly');
    expect(all).not.toContain('gstreamer1.0-plugins-good');
  });

  it('shows the end of what apt-get said when it fails', async () => {
    writeProgram(join(folder, 'bin'), 'apt-get', 'echo "E: Unable to locate package" >&2; exit 100');
    const { exitCode, all } = await runShell('ensure_system_programs', environment);
    expect(exitCode).toBe(1);
    expect(all).toContain('E: Unable to locate package');
  });
});

describe('the check of Node', () => {
  it('refuses an old one with the version that is needed', async () => {
    writeProgram(join(folder, 'bin'), 'node', 'echo v18.19.0');
    const { exitCode, all } = await runShell('check_node', environment);
    expect(exitCode).toBe(1);
    expect(all).toContain('Node v18.19.0 is too old.');
    expect(all).toContain('20.19.0');
  });
});
