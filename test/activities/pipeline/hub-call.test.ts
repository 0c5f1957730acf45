// Goal: a reader of a silent hub ends politely, and a call harms nobody. Method: real ffmpeg as writer and reader with the
// arguments of the product; the writer falls silent, the reader is told to end once.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { callHub } from '../../../activities/pipeline/hub-call.js';
import {
  HUB_FORMAT,
  hubInputArguments,
  hubOutputUrl,
  REPEAT_HEADERS,
} from '../../../activities/pipeline/hub.js';
import { hubOf } from '../../../core/hub.js';

const FRAMES = 100;
const hub = hubOf(`called-${process.pid}`);
let folder: string;
let children: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-call-'));
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function startFfmpeg(...args: string[]): ChildProcess {
  const child = spawn('ffmpeg', ['-nostdin', '-loglevel', 'error', ...args], { stdio: 'ignore' });
  children.push(child);
  return child;
}

function startReader(file: string): ChildProcess {
  return startFfmpeg(...hubInputArguments(hub), '-map', '0:v', '-c', 'copy', file);
}

/** Writes a countable picture and falls silent. */
async function writeAll(): Promise<void> {
  const input = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25', '-frames:v', String(FRAMES)];
  const encoder = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-flags', '+global_header'];
  const writer = startFfmpeg(...input, ...encoder, ...REPEAT_HEADERS, ...HUB_FORMAT, hubOutputUrl(hub));
  await once(writer, 'exit');
}

async function callUntilGone(reader: ChildProcess): Promise<void> {
  const calling = setInterval(() => callHub(hub), 150);
  await once(reader, 'exit').finally(() => clearInterval(calling));
}

async function framesIn(file: string): Promise<number> {
  const count = ['-count_packets', '-show_entries', 'stream=nb_read_packets', '-of', 'csv=p=0'];
  const { stdout } = await promisify(execFile)('ffprobe', ['-v', 'error', ...count, file]);
  return Number(stdout.trim());
}

describe('callHub', () => {
  it('makes a reader of a silent hub hear of its end, which then closes its file whole', async () => {
    const file = join(folder, 'whole.mkv');
    const reader = startReader(file);
    await sleep(300);
    await writeAll();
    reader.kill('SIGINT');
    await sleep(1_000);
    expect(reader.exitCode).toBeNull();
    await callUntilGone(reader);
    // The last pictures are still inside the reader when the writer falls silent.
    expect(await framesIn(file)).toBeGreaterThanOrEqual(FRAMES - 5);
  }, 30_000);

  it('costs a reader that goes on nothing, however often it happens', async () => {
    const [plain, called] = [join(folder, 'plain.mkv'), join(folder, 'called.mkv')];
    for (const [file, calls] of [
      [plain, 0],
      [called, 12],
    ] as const) {
      const reader = startReader(file);
      await sleep(300);
      const written = writeAll();
      for (let call = 0; call < calls; call += 1) {
        await sleep(250);
        callHub(hub);
      }
      await written;
      reader.kill('SIGINT');
      await callUntilGone(reader);
      expect(await framesIn(file)).toBeGreaterThanOrEqual(FRAMES - 5);
    }
  }, 40_000);
});
