import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { PlanError, type RunPaths } from '../../../activities/custody/handler.js';
import { createCommandHandler, createRecordHandler } from '../../../activities/recording/index.js';
import type { RunSpec } from '../../../core/run.js';
import { specOf } from './support/run-spec.js';

let dataDir: string;
let paths: RunPaths;
const environment = { KEY: 'hidden-key-value' };

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'holdfast-plan-'));
  const runDir = join(dataDir, 'runs', 'one');
  await mkdir(runDir, { recursive: true });
  const file = (name: string): string => join(runDir, name);
  paths = {
    runDir,
    stderrFile: file('stderr.log'),
    progressFile: file('progress.log'),
    eventsFile: file('events.log'),
    readerFile: file('reader.log'),
  };
});

afterEach(() => rm(dataDir, { recursive: true }));

function handler() {
  return createRecordHandler({ dataDir, logger: pino({ level: 'silent' }), environment });
}

const lastWord = (words: readonly string[] | undefined): string => words?.at(-1) ?? '';

describe('the plan of a recording', () => {
  it('feeds ffmpeg by our reader for http and keeps secrets out of the command line', async () => {
    const plan = await handler().plan(specOf('https://127.0.0.1/live?key=${env:KEY}', 4), paths);
    expect(plan.stages).toHaveLength(2);
    expect(JSON.stringify(plan.stages)).not.toContain('hidden-key-value');
    expect(plan.secrets).toEqual(['hidden-key-value']);
    const specFile = join(paths.runDir, 'reader.json');
    expect(JSON.parse(await readFile(specFile, 'utf8'))).toMatchObject({
      url: 'https://127.0.0.1/live?key=hidden-key-value',
      format: 'auto',
    });
    expect((await stat(specFile)).mode & 0o777).toBe(0o600);
    expect(plan.cwd).toBe(join(dataDir, 'recordings', 'stream', 'alice', 'recording'));
    expect(lastWord(plan.stages[1]?.argv)).toMatch(/^\d{8}T\d{6}Z-4-%05d\.ts$/);
  });

  it.each([
    ['rtmp://host/app/key', ['-rw_timeout', '15000000', '-i']],
    ['rtsp://host/camera', ['-rtsp_transport', 'tcp', '-timeout', '15000000', '-i']],
    ['srt://host:9000', ['-timeout', '15000000']],
    ['udp://239.255.0.1:5000', ['-overrun_nonfatal', '1', '-i']],
    ['file:///show.ts', ['-re', '-i']],
    ['lavfi:testsrc2', ['-f', 'lavfi', '-i', 'testsrc2']],
  ])('lets ffmpeg open %s itself, with its own time limits', async (url, words) => {
    const plan = await handler().plan(specOf(url, 1), paths);
    expect(plan.stages).toHaveLength(1);
    expect(plan.stages[0]?.argv.join(' ')).toContain(words.join(' '));
  });

  it('takes the number of the owner, or the next one that was never used', async () => {
    const folder = join(dataDir, 'recordings', 'stream', 'alice', 'recording');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, '20260101T000000Z-41-00000.ts.invalid'), 'x');
    const numberOf = async (spec: RunSpec): Promise<string | undefined> =>
      /Z-(\d+)-%/.exec(lastWord((await handler().plan(spec, paths)).stages.at(-1)?.argv))?.[1];
    expect(await numberOf(specOf('rtmp://host/a', 1))).toBe('42');
    expect(await numberOf({ ...specOf('rtmp://host/a', 1), runKey: 'stream/alice/recording/other' })).toBe(
      '43',
    );
    expect(await numberOf(specOf('rtmp://host/a', 100))).toBe('100');
  });

  it('keeps its number when it is made again for the same run', async () => {
    const first = await handler().plan(specOf('rtmp://host/a', 3), paths);
    const again = await handler().plan(specOf('rtmp://host/a', 3), paths);
    expect(lastWord(again.stages[0]?.argv).slice(16)).toBe(lastWord(first.stages[0]?.argv).slice(16));
  });

  it('names the variable that is not set', async () => {
    await expect(handler().plan(specOf('http://host/${env:MISSING_KEY}', 1), paths)).rejects.toMatchObject({
      name: 'PlanError',
      message: expect.stringContaining('MISSING_KEY') as unknown,
    });
  });

  it('says as a fact that the folder cannot be made', async () => {
    await writeFile(join(dataDir, 'recordings'), 'a file where a folder should be');
    await expect(handler().plan(specOf('rtmp://host/a', 1), paths)).rejects.toBeInstanceOf(PlanError);
  });

  it('cannot leave the recordings, whatever the id', async () => {
    const plan = await handler().plan(
      { ...specOf('rtmp://host/a', 1), workflowId: '../..', branch: '.' },
      paths,
    );
    expect(plan.cwd).toBe(join(dataDir, 'recordings', '%2E.', '%2E.', '%2E'));
  });
});

describe('the plan of a command', () => {
  it('is the command as it stands', async () => {
    const spec: RunSpec = {
      ...specOf('', 1),
      recipe: { kind: 'command', argv: ['sleep', '1'], progress: 'none' },
    };
    const command = createCommandHandler();
    expect(await command.plan(spec, paths)).toMatchObject({
      stages: [{ argv: ['sleep', '1'] }],
      progress: 'none',
    });
    await expect(
      command.plan({ ...spec, recipe: { kind: 'command', argv: [], progress: 'none' } }, paths),
    ).rejects.toBeInstanceOf(PlanError);
  });
});
