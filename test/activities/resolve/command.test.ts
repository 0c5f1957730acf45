import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolver } from './resolve-once.js';

const shell = (script: string, timeout = '20s') => ({
  kind: 'command',
  argv: ['sh', '-c', script],
  timeout,
});
const run = (script: string, timeout?: string) => resolver()(shell(script, timeout));

describe('command', () => {
  it('takes the last line that is not empty for the address', async () => {
    expect(await run('echo looking...; echo " http://x.example/live.flv "; echo')).toEqual({
      kind: 'live',
      media: { url: 'http://x.example/live.flv', format: 'flv' },
    });
  });

  it('is not live when nothing is printed', async () => {
    expect(await run('echo; echo a warning >&2')).toMatchObject({ kind: 'not_live' });
  });

  it('is not satisfied by a line that is no address', async () => {
    expect(await run('echo offline')).toMatchObject({
      cause: 'invalid_config',
      detail: 'sh printed no address but offline',
    });
  });

  it('explains a failure by what was printed on stderr', async () => {
    expect(await run('echo "cannot read the schedule" >&2; exit 3')).toMatchObject({
      cause: 'unknown',
      detail: 'sh: exit status 3: cannot read the schedule',
    });
  });

  it('calls a lost connection to a site a failed request', async () => {
    expect(await run('echo "curl: (7) Connection refused" >&2; exit 7')).toMatchObject({
      cause: 'http_error',
    });
  });

  it('names a program that is not there, or must not be run', async () => {
    const ask = resolver();
    expect(await ask({ kind: 'command', argv: ['no-such-program-here'] })).toMatchObject({
      cause: 'invalid_pipeline',
      detail: 'no-such-program-here was not found on the PATH',
    });
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-command-'));
    const file = join(folder, 'not-executable');
    await writeFile(file, '#!/bin/sh\n', { mode: 0o644 });
    expect(await ask({ kind: 'command', argv: [file] })).toMatchObject({ cause: 'permission_denied' });
    await rm(folder, { recursive: true });
  });

  it('ends a program that takes too long, with everything it has started', async () => {
    const startedAt = performance.now();
    const result = await run('trap "" TERM; sleep 300 & echo http://x/; wait; sleep 300', '300ms');
    expect(result).toMatchObject({ cause: 'http_error', detail: expect.stringContaining('within 0.3 s') });
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  it('does not wait for a grandchild that keeps the pipes open', async () => {
    const startedAt = performance.now();
    expect(await run('sleep 300 & echo http://x.example/a', '1s')).toMatchObject({ kind: 'live' });
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  it('does not read an endless output', async () => {
    expect(await run('yes http://x.example/a')).toMatchObject({
      cause: 'invalid_pipeline',
      detail: expect.stringContaining('more than the limit'),
    });
  });

  it('expands secrets in arguments and shows none', async () => {
    const ask = resolver({ env: { ...process.env, KEY: 'topsecret1234' } });
    const entry = (script: string) => ({ kind: 'command', argv: ['sh', '-c', script, 'sh', '${env:KEY}'] });
    expect(await ask(entry('echo "http://x.example/$1"'))).toMatchObject({
      media: { url: 'http://x.example/${env:KEY}' },
    });
    const failure = await ask(entry('echo "bad key $1" >&2; exit 1'));
    expect(failure).toMatchObject({ kind: 'failed', detail: 'sh: exit status 1: bad key ***' });
  });
});
