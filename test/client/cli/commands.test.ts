/**
 * Goal: the compiled command line says and does what the contract promises: exit statuses, JSON on stdout, friendly
 * errors. Method: it is spawned as people spawn it, against a real server with tiny workflows.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { cliCommand, runCli, type CliResult } from '../../support/run-cli.js';
import { startTinyInstances, type TinyInstances } from '../../support/tiny-instances.js';

let tiny: TinyInstances;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  tiny = await startTinyInstances();
  folder = await mkdtemp(join(tmpdir(), 'holdfast-cli-'));
  env = { TEMPORAL_ADDRESS: tiny.address, KEY: 'secret' };
});
afterAll(async () => {
  await tiny?.close();
  await rm(folder, { recursive: true, force: true });
});

function cli(...args: string[]): Promise<CliResult> {
  return runCli(args, { cwd: folder, env });
}

async function writeConfig(streams: readonly object[]): Promise<string> {
  const file = join(folder, 'holdfast.yaml');
  await writeFile(file, JSON.stringify({ data_dir: './data', streams }));
  return file;
}

const alice = { id: 'alice', resolver: { kind: 'direct', url: 'http://127.0.0.1:1/${env:KEY}' } };

async function untilState(id: string, state: string): Promise<void> {
  const deadlineMs = Date.now() + 15_000;
  for (;;) {
    const { stdout } = await cli('show', id, '--json');
    if (stdout !== '' && (JSON.parse(stdout) as { state: string }).state === state) return;
    if (Date.now() > deadlineMs) throw new Error(`${id} is not ${state}: ${stdout}`);
  }
}

describe('apply', () => {
  it('starts, changes nothing the second time, reconfigures what was edited, and prunes', async () => {
    const file = await writeConfig([alice, { ...alice, id: 'bob' }]);
    const first = await cli('apply', '-c', file);
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toMatch(/stream\/alice +started +new\n/);
    await untilState('stream/alice', 'running');
    // Defaults written out are no change.
    await writeConfig([
      { ...alice, watch: false, stall_timeout: '15s' },
      { ...alice, id: 'bob', watch: true },
    ]);
    const second = await cli('apply', '-c', file, '--json');
    expect(JSON.parse(second.stdout)).toMatchObject([
      { id: 'stream/alice', action: 'unchanged', error: null },
      { id: 'stream/bob', action: 'reconfigure', error: null },
    ]);
    await writeConfig([alice]);
    const dry = await cli('apply', '-c', file, '--prune', '--dry-run');
    expect(dry.stdout).toMatch(/stream\/bob +would stop +not in the file/);
    const pruned = await cli('apply', '-c', file, '--prune');
    expect(pruned.stdout).toMatch(/stream\/bob +stopping +not in the file/);
    await untilState('stream/bob', 'stopped');
  });

  it('keeps secrets out of history: the entry is sent as written', async () => {
    const shown = JSON.parse((await cli('show', 'alice', '--json')).stdout) as { config: typeof alice };
    expect(shown.config.resolver.url).toBe('http://127.0.0.1:1/${env:KEY}');
  });

  it('exits 2 with line and key when the file is wrong, and touches nothing', async () => {
    const file = join(folder, 'bad.yaml');
    await writeFile(
      file,
      'streams:\n  - id: carol\n    resolver: { kind: direct, url: http://x/ }\n    watch: maybe\n',
    );
    const result = await cli('apply', '-c', file);
    expect(result.status).toBe(2);
    expect(result.stderr).toMatch(/bad\.yaml:4:.*streams\[0\]\.watch.*"?maybe"?/);
  });
});

describe('looking', () => {
  it('lists as a table and as one JSON document, filtered by kind and state', async () => {
    const table = await cli('list');
    expect(table.stdout).toMatch(/^ID +STATE/);
    expect(table.stdout).toMatch(/stream\/alice +running .*25 .*5\.9 Mbit\/s/);
    expect(table.stdout).not.toContain('\u001B');
    const listed = JSON.parse((await cli('list', '--json', '--state', 'running')).stdout) as { id: string }[];
    expect(listed.map(({ id }) => id)).toEqual(['stream/alice']);
    expect(JSON.parse((await cli('--json', 'list', '--kind', 'capture')).stdout)).toEqual([]);
    const quick = JSON.parse((await cli('ls', '--quick', '--json')).stdout) as { id: string }[];
    expect(quick.map(({ id }) => id)).toContain('stream/alice');
  });

  it('shows one instance with branches, incidents, progress and where its recordings are', async () => {
    await cli('retry', 'alice');
    const { stdout, status } = await cli('show', 'alice');
    expect(status).toBe(0);
    expect(stdout).toContain(join(folder, 'data', 'recordings', 'stream/alice'));
    expect(stdout).toMatch(/recording +running +2 /);
    expect(stdout).toMatch(/network_disconnect +retry 1\/3 at once +connection reset by peer/);
  });
});

describe('steering', () => {
  it('pauses, resumes, signals, stops and waits', async () => {
    expect(await cli('pause', 'alice')).toMatchObject({ status: 0, stdout: 'stream/alice: paused' });
    expect((await cli('resume', 'alice')).stdout).toMatch(/^stream\/alice: running/);
    expect((await cli('signal', 'alice', 'hdmiLost')).stdout).toMatch(/^stream\/alice: waiting_signal/);
    const stopped = await cli('stop', 'alice', '--wait', '--json');
    expect(JSON.parse(stopped.stdout)).toMatchObject({ id: 'stream/alice', state: 'stopped', failure: null });
    expect(await cli('stop', 'alice')).toMatchObject({ status: 0 });
    const paused = await cli('pause', 'alice');
    expect(paused).toMatchObject({ status: 1, stdout: '' });
    expect(paused.stderr).toContain('stream/alice is not running');
    expect((await cli('retry', 'alice')).stdout).toMatch(/^stream\/alice: running/);
  });

  it('says what is near when the id is wrong, and exits 1', async () => {
    const result = await cli('pause', 'alcie');
    expect(result.status).toBe(1);
    expect(result.stderr).toBe('error: no instance alcie; did you mean stream/alice?');
  });
});

describe('captures', () => {
  const hdmi = { id: 'hdmi', input: { ffmpeg: ['-f', 'lavfi', '-i', 'testsrc2'] } };
  const tape = { name: 'tape', kind: 'record' };
  const writeCapture = (outputs: readonly object[]): Promise<void> =>
    writeFile(join(folder, 'holdfast.yaml'), JSON.stringify({ captures: [{ ...hdmi, outputs }] }));

  it('are started by apply, and a dry run names the outputs that would change', async () => {
    await writeCapture([tape]);
    expect((await cli('apply')).stdout).toMatch(/capture\/hdmi +started +new/);
    await untilState('capture/hdmi', 'running');
    await writeCapture([
      { ...tape, segment: '10s' },
      { name: 'copy', kind: 'record' },
    ]);
    const dry = await cli('apply', '--dry-run');
    expect(dry.stdout).toMatch(/capture\/hdmi +would reconfigure +output copy added; output tape restarts/);
    const file = join(folder, 'holdfast.yaml');
    await writeFile(file, JSON.stringify({ captures: [hdmi, { ...hdmi, id: 'other', hub: 'x' }] }));
    expect((await cli('check')).stderr).toContain('captures[1].hub: "x" is not allowed');
  });

  it('take outputs live, tell what has become of each, and list them', async () => {
    const added = await cli('output', 'add', 'hdmi', JSON.stringify(tape));
    expect(added).toMatchObject({ status: 0, stderr: '' });
    expect(added.stdout).toMatch(/^capture\/hdmi tape: running \(/);
    expect((await cli('output', 'list', 'hdmi')).stdout).toMatch(
      /^NAME +KIND +STATE.*\ntape +record +running/,
    );
    expect((await cli('output', 'resume', 'hdmi', 'tape')).stdout).toMatch(/^capture\/hdmi tape: running/);
    expect((await cli('retry', 'hdmi', 'tap')).stderr).toContain('has no branch tap; it has recording, tape');
    expect((await cli('output', 'remove', 'hdmi', 'tape')).stdout).toBe('capture/hdmi tape: removed');
    expect((await cli('stop', 'hdmi', '--wait')).status).toBe(0);
    const late = await cli('output', 'add', 'hdmi', JSON.stringify(tape));
    expect(late).toMatchObject({ status: 1, stdout: '' });
    expect(late.stderr).toContain('capture/hdmi is not running');
  });
});

describe('watch', () => {
  it('prints a line for each change when it is not a terminal, and ends cleanly on Ctrl-C', async () => {
    const [program, ...args] = cliCommand(['watch', 'alice']);
    const watching = execa(program, args, { cwd: folder, env, reject: false, stdin: 'ignore' });
    let text = '';
    watching.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    const untilText = async (wanted: RegExp): Promise<void> => {
      for (const endMs = Date.now() + 15_000; !wanted.test(text) && Date.now() < endMs;) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(text).toMatch(wanted);
    };
    await untilText(/stream\/alice running/);
    await cli('pause', 'alice');
    await untilText(/\d\d:\d\d:\d\dZ stream\/alice paused/);
    watching.kill('SIGINT');
    expect((await watching).exitCode).toBe(0);
  });
});

describe('completion', () => {
  it('completes commands, options, choices and living ids in bash', async () => {
    const script = (await cli('completion', 'bash')).stdout;
    const [program, ...args] = cliCommand([]);
    const quoted = [program, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    const complete = async (...words: string[]): Promise<string[]> => {
      const line = `holdfast() { ${quoted} "$@"; }\n${script}\nCOMP_WORDS=(holdfast ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _holdfast; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { stdout } = await execa('bash', ['-c', line], { cwd: folder, env });
      return stdout.split('\n');
    };
    expect(await complete('wa')).toEqual(['watch']);
    expect(await complete('show', 'stream/a')).toEqual(['stream/alice']);
    expect(await complete('list', '--ki')).toEqual(['--kind']);
    expect(await complete('list', '--kind', '')).toEqual(['stream', 'capture', 'source', 'job']);
    expect(await complete('output', 'r')).toEqual(['remove', 'resume']);
    expect(await complete('signal', 'x', 'hdmiL')).toEqual(['hdmiLost']);
  });
});
