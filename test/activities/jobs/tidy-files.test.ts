// Goal: files of jobs go when their retention has passed or when they were left half made, and never those of a job that lives.
// Method: a real server, and folders made old by their times.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { tidyJobFiles } from '../../../activities/jobs/tidy-files.js';
import { JobBench } from '../../support/job-bench.js';

const NOW_MS = Date.parse('2026-03-04T05:06:07.000Z');
const HOUR_MS = 3_600_000;

let bench: JobBench;

beforeAll(async () => {
  bench = await JobBench.open();
}, 120_000);
afterAll(() => bench.close(), 60_000);

/** Files of a job, last written so long ago. */
async function leave(name: string, files: readonly string[], ageMs: number): Promise<void> {
  const folder = join(bench.dataDir, 'jobs', name);
  const at = new Date(NOW_MS - ageMs);
  for (const file of files) {
    await mkdir(join(folder, file, '..'), { recursive: true });
    await writeFile(join(folder, file), 'something');
  }
  for (const entry of await readdir(folder, { recursive: true })) await utimes(join(folder, entry), at, at);
  await utimes(folder, at, at);
}

async function tidy(client = bench.client): Promise<string[]> {
  const logger = pino({ level: 'silent' });
  await tidyJobFiles({ dataDir: bench.dataDir, client, retentionMs: 24 * HOUR_MS, logger }, NOW_MS);
  const found: string[] = await readdir(join(bench.dataDir, 'jobs'), { recursive: true });
  return found.filter((file) => file.includes('.')).sort();
}

it('removes what is old or left half made, and nothing of a job that lives or that nobody can be asked about', async () => {
  await bench.startClip('alive');
  await leave('alive', ['artifacts/a.mp4', 'work/half.mp4'], 48 * HOUR_MS);
  await leave('old', ['artifacts/a.mp4', 'work/half.mp4'], 48 * HOUR_MS);
  await leave('left', ['artifacts/a.mp4', 'work/half.mp4'], HOUR_MS);
  await leave('fresh', ['artifacts/a.mp4', 'work/half.mp4'], 1_000);
  const all = ['alive', 'fresh', 'left', 'old'].flatMap((name) => [
    `${name}/artifacts/a.mp4`,
    `${name}/work/half.mp4`,
  ]);

  const nobody = { withDeadline: () => Promise.reject(new Error('unreachable')) };
  expect(await tidy(nobody as unknown as typeof bench.client)).toEqual(all);
  const left = all.filter((file) => !/^old|^left\/work/.test(file));
  expect(await tidy()).toEqual(left);
  expect(await tidy()).toEqual(left);
}, 60_000);
