/** Goal: `source try` shows what a source would bring, for an address and a file, and keeps nothing. Method: the compiled command line. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startHostileServer, type HostileServer } from '../../../support/hostile-server/index.js';
import { runCli, type CliResult } from '../../../support/run-cli.js';

let folder: string;
let server: HostileServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-try-'));
  server = await startHostileServer();
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const tryOne = (...args: string[]): Promise<CliResult> => runCli(['source', 'try', ...args], { cwd: folder });

describe('holdfast source try', () => {
  it('prints the items of a feed and stores nothing', async () => {
    const { status, stdout } = await tryOne('--allow-private', server.url('good', 'harbour'));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^http:\S+: HTTP 200, application\/rss\+xml; charset=utf-8, /);
    expect(stdout).toContain('rss "harbour": 2 items');
    expect(stdout).toContain('https://example.org/harbour/1');
    expect(await readdir(folder)).toEqual([]);
  });

  it('reads a file as --parse says and prints one JSON document', async () => {
    const file = join(folder, 'news.json');
    await writeFile(file, JSON.stringify({ data: [{ title: 'One', url: 'https://example.org/1' }] }));
    const { status, stdout } = await tryOne(file, '--json', '--parse', '{"kind":"json","items":"data"}');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'read',
      outcome: { kind: 'parsed', items: [{ title: 'One', link: 'https://example.org/1' }] },
    });
  });

  it('says why nothing could be fetched or read, with exit status 1', async () => {
    const html = await tryOne('--allow-private', server.url('html'));
    expect(html).toMatchObject({ status: 1, stdout: expect.stringContaining('parse_error: ') });
    const reset = await tryOne('--allow-private', server.url('reset-before-headers'));
    expect(reset).toMatchObject({ status: 1, stdout: expect.stringMatching(/^network_disconnect: /) });
    const guarded = await tryOne(server.url('good'));
    expect(guarded).toMatchObject({ status: 1, stdout: expect.stringContaining('private address') });
  });

  it('exits 2 for what is neither address nor file, and for a wrong --parse', async () => {
    expect(await tryOne('nowhere.xml')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('nowhere.xml'),
    });
    const wrong = await tryOne('--parse', '{"kind":"xml"}', server.url('good'));
    expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining('parse.kind') });
  });
});
