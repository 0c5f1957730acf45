import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { explainCommand } from '../../../../client/cli/commands/explain.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-explain-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(args: readonly string[], input = ''): Promise<string> {
  let output = '';
  const command = explainCommand({ input: Readable.from([input]), write: (text) => (output += text) })
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  await command.parseAsync(args, { from: 'user' });
  return output;
}

async function jsonlFile(...lines: readonly string[]): Promise<string> {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.jsonl`);
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

describe('holdfast explain', () => {
  it('says cause, class, default, advice and the decisive line of a log tail', async () => {
    const output = await run(
      [],
      'frame=1 speed=1x\nav_interleaved_write_frame(): No space left on device\nConversion failed!',
    );
    expect(output).toContain('storage_full (fatal)');
    expect(output).toContain('streaming goes on');
    expect(output).toContain('holdfast retry ID');
    expect(output).toContain('av_interleaved_write_frame(): No space left on device');
  });

  it('prints one JSON document with --json', async () => {
    const document: unknown = JSON.parse(
      await run(['--json', '--tool', 'ffmpeg'], '/dev/video0: Device or resource busy'),
    );
    expect(document).toMatchObject({ cause: 'encoder_hiccup', class: 'transient', disposition: 'transient' });
  });

  it('speaks of unknown ends as other and of harmless lines as benign', async () => {
    expect(await run([], 'something nobody has heard of')).toContain('other (transient)');
    expect(await run([], 'frame=1 fps=25 speed=1x')).toContain('benign (benign)');
  });

  it('reads the error of a fetch as JSON or as text with --http', async () => {
    const nested = JSON.stringify({
      name: 'TypeError',
      message: 'terminated',
      cause: { code: 'UND_ERR_BODY_TIMEOUT' },
    });
    expect(await run(['--http'], nested)).toContain('timeout (transient)');
    expect(await run(['--http'], 'curl: (6) Could not resolve host: nope.example')).toContain(
      'dns_not_found',
    );
  });

  it('prints a line for each entry of a JSONL file, whichever kind it is', async () => {
    const file = await jsonlFile(
      '{"id":7,"tool":"alsa","text":"arecord: audio open error: Device or resource busy"}',
      '',
      '{"id":"b","error":{"message":"Request failed with status code 404"}}',
    );
    expect(await run(['--jsonl', file])).toBe(
      '{"id":7,"cause":"encoder_hiccup","disposition":"transient"}\n{"id":"b","cause":"not_found","disposition":"fatal"}\n',
    );
  });

  it('reads JSONL from stdin for -', async () => {
    const output = await run(
      ['--http', '--jsonl', '-'],
      '{"id":1,"error":"HTTP Error 429: Too Many Requests"}\n',
    );
    expect(output).toBe('{"id":1,"cause":"rate_limited","disposition":"transient"}\n');
  });

  it('names the numbers of lines it cannot read after it has explained the others', async () => {
    const file = await jsonlFile(
      '{"id":1,"text":"Killed"}',
      'not json',
      '{"id":3}',
      '[1]',
      '{"id":5,"text":"Killed"}',
    );
    let output = '';
    const command = explainCommand({
      input: Readable.from(['']),
      write: (text) => (output += text),
    }).exitOverride();
    const outcome = command.parseAsync(['--jsonl', file], { from: 'user' });
    await expect(outcome).rejects.toMatchObject({ name: 'UsageError' });
    await expect(outcome).rejects.toThrow(
      /line 2: no JSON[\s\S]*line 3: has neither[\s\S]*line 4: expected a JSON object/,
    );
    expect(output.split('\n').filter(Boolean)).toHaveLength(2);
  });

  it('refuses an empty input, a file that is not there and a tool it does not know', async () => {
    await expect(run([], ' \n')).rejects.toMatchObject({ name: 'UsageError' });
    await expect(run(['--jsonl', join(folder, 'absent.jsonl')])).rejects.toThrow(/cannot read .*absent/);
    await expect(run(['--tool', 'winamp'], 'x')).rejects.toThrow(/winamp/);
  });

  it('keeps only the end of an endless log', async () => {
    const output = await run(
      [],
      `${'No space left on device\n'.repeat(100_000)}${'ordinary line\n'.repeat(100_000)}rtmp://a/b: Connection refused\n`,
    );
    expect(output).toContain('network_disconnect (transient)');
  });
});
