/** Goal: wrong usage exits with 2 and one clear line; help is quick; nothing needs a server for that. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../support/run-cli.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-usage-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A port on which nothing listens. */
async function deafAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

describe('wrong usage', () => {
  it.each([
    { args: ['lst'], says: 'Did you mean' },
    { args: ['shwo'], says: 'Did you mean show' },
    { args: ['show'], says: "missing required argument 'id'" },
    { args: ['show', 'a', 'b'], says: 'too many arguments' },
    { args: ['list', '--knid', 'x'], says: "unknown option '--knid'" },
    { args: ['list', '--kind', 'film'], says: 'Allowed choices are stream, capture, source' },
    { args: ['list', '--state', 'sleeping'], says: 'waiting_signal' },
    {
      args: ['signal', 'capture/x', 'hdmiBack'],
      says: 'no signal "hdmiBack"; expected hdmiRestored, hdmiLost, fetchNow or resetBreaker',
    },
    { args: ['signal', 'capture/x', 'stop'], says: 'holdfast stop capture/x' },
    { args: ['signal', 'capture/x', 'hdmiLost', '[1]'], says: 'must be a JSON object' },
    { args: ['output', 'add', 'capture/x', '{name}'], says: 'the output is no JSON' },
    {
      args: ['output', 'add', 'capture/x', '{"name":"a"}'],
      says: 'output.kind: is missing; expected one of push, record',
    },
    {
      args: ['output', 'add', 'capture/x', '{"name":"a","kind":"push","url":"http://x","to":1}'],
      says: 'output.url: "http://x" is not allowed; expected an address that begins with rtmp://',
    },
    {
      args: ['stop', 'x', '--timeout', 'soon'],
      says: '--timeout soon: expected seconds or a string like 30s',
    },
    { args: ['worker', '--roles', 'cook'], says: 'orchestrator, device, fetch' },
    { args: ['up'], says: 'name one with -c FILE' },
    { args: ['apply', '-c', 'none.yaml'], says: '-c none.yaml: no such file' },
    { args: ['--json', 'up'], says: 'does not take --json' },
    { args: ['list', '--address', 'a:b:c'], says: 'address a:b:c: expected host:port' },
    { args: [], says: 'Usage: holdfast' },
  ])('$args exits 2 and says "$says"', async ({ args, says }) => {
    const result = await runCli(args, { cwd: folder });
    expect(result).toMatchObject({ status: 2, stdout: '' });
    expect(result.stderr).toContain(says);
    expect(result.stderr).not.toMatch(/\n +at /);
  });
});

describe('help and version', () => {
  it('exit 0 on stdout, without colours when it is no terminal', async () => {
    const help = await runCli(['--help'], { cwd: folder, env: { CI: 'true' } });
    expect(help).toMatchObject({ status: 0, stderr: '' });
    const names =
      'up apply worker list show watch gaps pause resume stop retry signal output check schema setup doctor explain';
    for (const name of names.split(' ')) {
      expect(help.stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    }
    expect(help.stdout).not.toContain('\u001B');
    expect(await runCli(['show', '--help'], { cwd: folder })).toMatchObject({ status: 0 });
    expect((await runCli(['--version'], { cwd: folder })).stdout).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe('no server', () => {
  it('is said at once in one line with the address and what to do, exit 1', async () => {
    const address = await deafAddress();
    const startedMs = Date.now();
    const result = await runCli(['list', '--address', address], { cwd: folder });
    expect(Date.now() - startedMs).toBeLessThan(8_000);
    expect(result).toMatchObject({ status: 1, stdout: '' });
    expect(result.stderr).toMatch(
      new RegExp(
        `^error: no Temporal server at ${address}.*start one with \`holdfast up\` or set TEMPORAL_ADDRESS$`,
      ),
    );
  });

  it('gives a stack only to those who ask for it', async () => {
    const args = ['list', '--address', await deafAddress()];
    const result = await runCli(args, { cwd: folder, env: { HOLDFAST_DEBUG: '1' } });
    expect(result.stderr).toMatch(/\n +at /);
  });
});
