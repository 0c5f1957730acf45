/** Goal: `source try` shows what a source would bring, for an address and a file, and keeps nothing. Method: the compiled command line. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

  it('says how often a site without validators is asked with good grace', async () => {
    const { stdout } = await tryOne('--allow-private', '--parse', '{"kind":"raw"}', server.url('html'));
    expect(stdout).toContain('no validators: fetched whole each time, so every: 15m or more is kind');
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

  it('reads a packed file, and one in the character set that is named', async () => {
    const shared = fileURLToPath(new URL('../../../fixtures/shared/feeds/', import.meta.url));
    const packed = await tryOne(join(shared, 'always-gzip.xml.gz'));
    expect(packed).toMatchObject({ status: 0, stdout: expect.stringContaining('Packed unasked') });
    const russian = join(shared, 'charset-only-in-header.xml');
    for (const option of [
      ['--content-type', 'text/xml;charset=WINDOWS-1251'],
      ['--charset', 'windows-1251'],
    ]) {
      const { status, stdout } = await tryOne(russian, ...option);
      expect([status, stdout]).toEqual([0, expect.stringContaining('Порт открыт')]);
    }
  });

  it('counts the items that have nothing in them', async () => {
    const file = join(folder, 'empty-item.xml');
    await writeFile(file, '<rss><channel><item/><item><title>One</title></item></channel></rss>');
    expect((await tryOne(file)).stdout).toContain('1 more has no content and would be left out');
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
    const selector = await tryOne('--parse', '{"kind":"html","item":"li[["}', server.url('good'));
    expect(selector).toMatchObject({ status: 2, stderr: expect.stringContaining('parse.item: "li[["') });
    const typed = await tryOne('--content-type', 'text/xml', server.url('good'));
    expect(typed).toMatchObject({ status: 2, stderr: expect.stringContaining('--content-type') });
    const unknown = await tryOne('--charset', 'klingon', server.url('good'));
    expect(unknown).toMatchObject({ status: 2, stderr: expect.stringContaining('klingon') });
    const wrong = await tryOne('--parse', '{"kind":"xml"}', server.url('good'));
    expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining('parse.kind') });
  });
});
