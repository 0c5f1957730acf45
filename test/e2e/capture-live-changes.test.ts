// Goal: outputs come and go while a capture is live, and the others lose nothing. Method: updates from a Temporal client, commands and
// a changed file; the numbers of the pictures that have arrived tell whether an output was touched.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { CaptureChanges } from '../../workflows/capture/outputs.js';
import { Cluster, processesOf, until } from '../support/cluster.js';
import { startLiveSource, type LiveSource } from '../support/live-source/index.js';
import { deliveredIn, NumberedCapture, PATIENT, runPattern } from '../support/numbered-capture.js';
import { startRtmpServer, type RtmpServer } from '../support/rtmp-server.js';
import { startSrtListener, type SrtListener } from '../support/srt-listener.js';

/** A group of pictures has about 200 kB. */
const WRITTEN_MIN_BYTES = 500_000;

let cluster: Cluster;
let source: LiveSource;
let rtmp: RtmpServer;
let srt: SrtListener;
let capture: NumberedCapture;
let handle: WorkflowHandle;
/** Processes of what must not be touched. */
let untouched: Readonly<Record<string, readonly number[]>>;

beforeAll(async () => {
  [cluster, source, rtmp, srt] = await Promise.all([
    Cluster.start(),
    startLiveSource(),
    startRtmpServer(),
    startSrtListener(PATIENT),
  ]);
  await cluster.startWorker();
  capture = await NumberedCapture.start(cluster, source, { rtmp, srt }, { id: 'studio' });
  handle = capture.handle;
  untouched = await processesByBranch();
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await Promise.all([source, rtmp, srt].map((server) => server.close()));
}, 60_000);

async function processesByBranch(): Promise<Readonly<Record<string, readonly number[]>>> {
  const branches = ['ingest', 'live', 'srt', 'tape'];
  const pids = await Promise.all(branches.map(async (branch) => await capture.processes(branch)));
  return Object.fromEntries(branches.map((branch, index) => [branch, pids[index] ?? []]));
}

async function outputNames(): Promise<string[]> {
  const { branches } = await capture.status();
  return branches.map(({ name }) => name).slice(1);
}

function fileOutput(name: string): { name: string; kind: string; url: string } {
  return { name, kind: 'push', url: `file://${join(cluster.folder, `${name}.ts`)}` };
}

async function untilGone(name: string): Promise<void> {
  await until(async () => !(await outputNames()).includes(name), 20_000, `${name} to be gone`);
  expect(await processesOf(cluster.dataDir, runPattern('studio', name))).toEqual([]);
}

/** Waits until files of an output hold more than one group of pictures. */
async function untilWritten(filesOf: () => Promise<readonly string[]>): Promise<void> {
  const written = async () => {
    const sizes = await Promise.all(
      (await filesOf()).map(async (file) => (await stat(file).catch(() => null))?.size ?? 0),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  };
  await until(async () => (await written()) > WRITTEN_MIN_BYTES, 30_000, 'pictures in the file');
}

/** Why an update was refused; fails when it was not. */
async function refusalOf(update: string, argument: unknown): Promise<ApplicationFailure> {
  const error = await handle.executeUpdate(update, { args: [argument] }).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
  const { cause } = error as WorkflowUpdateFailedError;
  expect(cause).toBeInstanceOf(ApplicationFailure);
  return cause as ApplicationFailure;
}

describe('an output of a live capture', () => {
  it('is added and removed by Temporal updates', async () => {
    expect(await handle.executeUpdate('addOutput', { args: [fileOutput('copy')] })).toEqual({ name: 'copy' });
    expect(await outputNames()).toEqual(['live', 'srt', 'tape', 'copy']);
    await capture.untilAllRun();
    await untilWritten(async () => [join(cluster.folder, 'copy.ts')]);
    expect(await handle.executeUpdate('removeOutput', { args: ['copy'] })).toEqual({ name: 'copy' });
    await untilGone('copy');
    const { count, missing } = await deliveredIn([join(cluster.folder, 'copy.ts')]);
    expect(count).toBeGreaterThan(0);
    expect(missing).toEqual([]);
  }, 150_000);

  it('is added and removed by `holdfast output`, whatever its kind', async () => {
    const added = await cluster.cli(
      'output',
      'add',
      'studio',
      '{"name":"second","kind":"record","segment":"4s"}',
    );
    expect(added).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^capture\/studio second: /) });
    await capture.untilAllRun();
    await untilWritten(async () => await cluster.mediaFiles(capture.id, 'second'));
    expect(await cluster.cli('output', 'remove', 'capture/studio', 'second')).toMatchObject({ exitCode: 0 });
    await untilGone('second');
    const { count, missing } = await deliveredIn(await cluster.mediaFiles(capture.id, 'second'));
    expect(count).toBeGreaterThan(0);
    expect(missing).toEqual([]);
  }, 150_000);
});

describe('a wrong change of outputs', () => {
  const WRONG: readonly [string, string, unknown, RegExp][] = [
    ['a name that is taken', 'addOutput', { name: 'tape', kind: 'record' }, /outputs\[3\]\.name: .*tape/],
    [
      'the name of the ingest',
      'addOutput',
      { name: 'ingest', kind: 'record' },
      /outputs\[3\]\.name: .*not ingest/,
    ],
    ['an unknown kind', 'addOutput', { name: 'x', kind: 'tape' }, /outputs\[3\]\.kind: .*push.*record/],
    ['no address', 'addOutput', { name: 'x', kind: 'push' }, /outputs\[3\]\.url: /],
    [
      'another protocol',
      'addOutput',
      { name: 'x', kind: 'push', url: 'http://x/y' },
      /outputs\[3\]\.url: .*rtmp:.*srt:/,
    ],
    ['an unknown key', 'addOutput', { name: 'x', kind: 'record', colour: 1 }, /colour/],
    ['no output at all', 'addOutput', 'tape', /outputs\[3\]: /],
    [
      'an unknown name',
      'removeOutput',
      'nothing',
      /nothing is no output of capture\/studio; it has live, srt, tape/,
    ],
    ['no name', 'removeOutput', null, /is no output of capture\/studio; it has live, srt, tape/],
    ['an unknown name to resume', 'resumeOutput', 'ingest', /ingest is no output of capture\/studio/],
  ];

  it.each(WRONG)('is refused with what is wrong: %s', async (_what, update, argument, words) => {
    expect(await refusalOf(update, argument)).toMatchObject({
      type: 'invalid_config',
      message: expect.stringMatching(words),
    });
  });

  it('is refused by the command line with the same words', async () => {
    const wrong: readonly [readonly string[], number, RegExp][] = [
      [['add', 'studio', '{"name":"x"'], 2, /JSON/],
      [['add', 'studio', '{"name":"x","kind":"push","url":"http://x"}'], 2, /output\.url: .*rtmp/],
      [['add', 'studio', '{"name":"tape","kind":"record"}'], 1, /outputs\[3\]\.name: .*tape/],
      [['remove', 'studio', 'nothing'], 1, /nothing is no output of capture\/studio; it has live, srt, tape/],
    ];
    for (const [words, exitCode, message] of wrong) {
      const result = await cluster.cli('output', ...words);
      expect({ words, ...result }).toMatchObject({ exitCode, stderr: expect.stringMatching(message) });
    }
  }, 150_000);

  it('changes nothing', async () => {
    expect(await outputNames()).toEqual(['live', 'srt', 'tape']);
    expect(await capture.status()).toMatchObject({ state: 'running', incidentCount: 0 });
    expect(await capture.told()).toEqual([]);
  });
});

describe('a changed file', () => {
  it('is applied to what it changes alone', async () => {
    const entry = (await capture.status()).config as { readonly outputs: readonly object[] };
    const configure = async (outputs: readonly object[], more: object = {}) =>
      await cluster.configure({ captures: [{ ...entry, ...more, outputs }] });
    await configure(entry.outputs);
    expect(await cluster.cli('apply', '-c', cluster.configPath)).toMatchObject({ exitCode: 0 });
    expect(await processesByBranch()).toEqual(untouched);

    await configure([...entry.outputs, fileOutput('extra')], { recovery: { max_retries: 5 } });
    expect(await cluster.cli('apply', '-c', cluster.configPath)).toMatchObject({ exitCode: 0 });
    await capture.untilAllRun();
    expect(await outputNames()).toEqual(['live', 'srt', 'tape', 'extra']);
    const other = { ...fileOutput('extra'), url: fileOutput('other').url };
    await configure([...entry.outputs, other], { recovery: { max_retries: 5 } });
    expect(await cluster.cli('apply', '-c', cluster.configPath)).toMatchObject({ exitCode: 0 });
    await until(
      async () => (await capture.runs())['extra'] === 2,
      20_000,
      'a second run of the changed output',
    );
    await capture.untilAllRun();
    expect(await processesByBranch()).toEqual(untouched);

    const changes = await handle.executeUpdate<CaptureChanges, [unknown]>('reconfigure', { args: [entry] });
    expect(changes).toEqual({ restarted: false, added: [], changed: [], removed: ['extra'] });
    await untilGone('extra');
    for (const name of ['extra', 'other']) {
      expect(await deliveredIn([join(cluster.folder, `${name}.ts`)])).toMatchObject({
        missing: [],
        doubled: 0,
      });
    }
  }, 150_000);
});

describe('every other output', () => {
  it('has run all the time and lost not one picture', async () => {
    expect(await processesByBranch()).toEqual(untouched);
    expect(await capture.runs()).toEqual({ ingest: 1, live: 1, srt: 1, tape: 1 });
    await handle.signal('stop');
    await handle.result();
    for (const output of ['live', 'srt', 'tape'] as const) {
      const { count, missing, doubled } = await capture.delivered(output);
      expect({ output, missing, doubled }).toEqual({ output, missing: [], doubled: 0 });
      expect(count).toBeGreaterThan(25 * 10);
    }
    expect(await capture.files('live')).toHaveLength(1);
    expect(await capture.told()).toEqual([]);
  }, 150_000);
});
