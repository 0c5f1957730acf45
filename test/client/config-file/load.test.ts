import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assert as check, asyncProperty, string } from 'fast-check';
import { ConfigErrors, loadConfigFile } from '../../../client/config-file/index.js';

const CONTRACT = fileURLToPath(new URL('../../fixtures/configs/contract.yaml', import.meta.url));

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-config-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function file(content: string | Buffer, name = 'holdfast.yaml'): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

async function errorsOf(path: string): Promise<ConfigErrors> {
  const error: unknown = await loadConfigFile(path, {}).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ConfigErrors) return error;
  throw new Error(`expected errors, got ${String(error)}`);
}

describe('loading a configuration file', () => {
  it('accepts the documented example as it stands, unquoted ${env:NAME} included', async () => {
    const { config, raw, warnings } = await loadConfigFile(CONTRACT, { HOLDFAST_TOKEN: 'x', KEY: 'y' });
    expect(warnings).toEqual([]);
    expect(config.gateway.token).toBe('${env:HOLDFAST_TOKEN}');
    expect(config.streams[0]).toMatchObject({ id: 'alice', watch: true, stall_timeout: 15_000 });
    expect(config.captures[0]?.outputs[0]).toMatchObject({ url: 'rtmp://example.org/app/${env:KEY}' });
    expect(config.captures[0]?.recovery.retry_delay).toBe(5_000);
    expect(raw.streams[0]).toMatchObject({ record: { container: 'mpegts', segment: '60s' } });
  });

  it('tells selectors, expressions and names that can never work together with all that is wrong', async () => {
    const text = [
      'sources:',
      '  - id: news',
      '    url: https://example.org/news',
      '    every: 1s',
      '    charset: utf-99',
      '    parse:',
      '      kind: html',
      '      item: "li[["',
      '      link: <a href="">',
      '      title: h2, h3:not(.old)',
      '  - id: data',
      '    url: https://example.org/news.json',
      '    charset: latin1',
      '    parse: {kind: json, items: "a[", title: "join(`, `, names)"}',
    ].join('\n');
    const { errors } = await errorsOf(await file(text));
    expect(errors.map(({ line, key }) => `${line} ${key}`)).toEqual([
      '4 sources[0].every',
      '5 sources[0].charset',
      '8 sources[0].parse.item',
      '9 sources[0].parse.link',
      '14 sources[1].parse.items',
    ]);
  });

  it('takes paths from the folder of the file', async () => {
    const { config } = await loadConfigFile(await file('data_dir: ./d\nstore: sqlite:./s/h.db\n'));
    expect(config.data_dir).toBe(join(directory, 'd'));
    expect(config.store).toBe(`sqlite:${join(directory, 's/h.db')}`);
    const byDefault = await loadConfigFile(await file('data_dir: ./d\n'));
    expect(byDefault.config.store).toBe(`sqlite:${join(directory, 'd/holdfast.db')}`);
    const elsewhere = await loadConfigFile(await file('data_dir: /srv/x\nstore: postgres://h/db\n'));
    expect([elsewhere.config.data_dir, elsewhere.config.store]).toEqual(['/srv/x', 'postgres://h/db']);
  });

  it('reads JSON, with tabs, and tells the line of a mistake in it', async () => {
    const good =
      '{\n\t"streams": [\n\t\t{ "id": "x", "resolver": { "kind": "direct", "url": "http://u" } }\n\t]\n}\n';
    expect((await loadConfigFile(await file(good, 'a.json'))).config.streams).toHaveLength(1);
    const { errors } = await errorsOf(await file(good.replace('"direct"', '"indirect"'), 'b.json'));
    expect(errors[0]).toMatchObject({ line: 3, key: 'streams[0].resolver.kind', value: 'indirect' });
  });

  it('tells all errors at once, sorted by line', async () => {
    const { errors, message } = await errorsOf(
      await file(
        'streams:\n  - id: a b\n    resolver: { kind: direct }\n    watch: 1\nnotify:\n  - sink: x\nfoo: 1\n',
      ),
    );
    expect(errors.map(({ line, key }) => [line, key])).toEqual([
      [2, 'streams[0].id'],
      [3, 'streams[0].resolver.url'],
      [4, 'streams[0].watch'],
      [6, 'notify[0].sink'],
      [7, 'foo'],
    ]);
    expect(message.split('\n')).toHaveLength(5);
  });

  it('knows where a value stands that came through an anchor or a merge', async () => {
    const { errors } = await errorsOf(
      await file(
        'streams:\n  - &first\n    id: a\n    resolver: { kind: direct, url: "http://u" }\n    watch: 1\n  - <<: *first\n    id: b\n',
      ),
    );
    expect(errors.map(({ line, key }) => [line, key])).toEqual([
      [5, 'streams[0].watch'],
      [6, 'streams[1].watch'],
    ]);
  });

  it('treats a section whose entries are all commented out as absent', async () => {
    const { config, raw } = await loadConfigFile(await file('streams:\n  # - id: a\ncaptures:\n'));
    expect([config.streams, raw.streams, raw.captures]).toEqual([[], [], []]);
  });

  it('warns about secrets in clear without printing them, unset variables and idle captures', async () => {
    const { warnings } = await loadConfigFile(
      await file(
        'gateway: { token: hunter2-in-clear }\nnotify:\n  - { sink: webhook, url: http://h/x, headers: { Authorization: hunter2-bearer } }\n  - { sink: command, argv: [x, "${env:NOT_SET}"] }\ncaptures:\n  - id: c\n',
      ),
      {},
    );
    expect(warnings.map(({ line, key }) => [line, key])).toEqual([
      [1, 'gateway.token'],
      [3, 'notify[0].headers.Authorization'],
      [4, 'notify[1].argv[1]'],
      [6, 'captures[0]'],
    ]);
    expect(JSON.stringify(warnings)).not.toContain('hunter2');
  });

  it('warns about the address of a channel in clear: whoever knows it can post there', async () => {
    const { warnings } = await loadConfigFile(
      await file('notify:\n  - { sink: slack, url: "https://hooks.slack.com/services/T0/hunter2" }\n'),
      {},
    );
    expect(warnings.map(({ line, key }) => [line, key])).toEqual([[2, 'notify[0].url']]);
    expect(JSON.stringify(warnings)).not.toContain('hunter2');
  });

  it('does not print a wrong secret or the password of an address', async () => {
    const { message } = await errorsOf(
      await file('gateway: { token: 12345678 }\nstore: mysql://me:hunter2@db/x\n'),
    );
    expect(message).not.toContain('12345678');
    expect(message).not.toContain('hunter2');
  });

  it('refuses what is no text, too large, a folder or not there', async () => {
    expect((await errorsOf(await file(Buffer.from([0xff, 0xfe, 0x00])))).message).toContain(
      'it is not UTF-8 text',
    );
    expect((await errorsOf('/dev/zero')).message).toContain('larger than');
    expect((await errorsOf(directory)).message).toContain('it is a directory');
    expect((await errorsOf(join(directory, 'none.yaml'))).message).toContain('there is no such file');
  });

  it('is not led astray by names that every object has', async () => {
    const { errors } = await errorsOf(
      await file('__proto__: { polluted: true }\nconstructor: 1\nstreams:\n  - { toString: 1 }\n'),
    );
    expect(errors.map(({ key }) => key)).toContain('constructor');
    expect(errors.map(({ key }) => key)).toContain('streams[0].toString');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('tells errors of thousands of entries in reasonable time and length', async () => {
    const lines = Array.from(
      { length: 3_000 },
      (_, index) => `  - { id: s${index}, resolver: { kind: nope } }`,
    );
    const { errors, message } = await errorsOf(await file(`streams:\n${lines.join('\n')}\n`));
    expect(errors).toHaveLength(3_000);
    expect(message.split('\n').length).toBeLessThan(300);
  });

  it('answers any text with a configuration or with errors, never with anything else', async () => {
    await check(
      asyncProperty(string({ unit: 'binary', maxLength: 200 }), async (text) => {
        const path = await file(text, 'any.yaml');
        await loadConfigFile(path, {}).catch((error: unknown) => {
          expect(error).toBeInstanceOf(ConfigErrors);
        });
      }),
      { numRuns: 100 },
    );
  });
});

describe('the fixture of the documented example', () => {
  it('is the text of the documentation', async () => {
    expect(await readFile(CONTRACT, 'utf8')).toContain('token: ${env:HOLDFAST_TOKEN} }');
  });
});
