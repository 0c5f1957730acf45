import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WriteSample } from '../../core/manifest/index.js';
import { unlessMissing } from './file-error.js';

/** A sample, and the number of the segment it was taken of. */
export interface SegmentSample extends WriteSample {
  readonly number: number;
}

/** One for each second of the longest segment, and some. */
const SAMPLES_MAX = 5_000;
/** How often samples go to disk. A worker that dies loses this much of the clock, and none of the media. */
const SAVE_INTERVAL_MS = 5_000;

/**
 * How long the growing segments of a run were at which instant. Kept on disk, so that the next worker knows it too; a disk that cannot
 * take them costs accuracy and nothing else.
 */
export class WriteSamples {
  readonly #path: string;
  #samples: SegmentSample[] | null = null;
  #unsaved: SegmentSample[] = [];
  #savedAtMs = 0;

  constructor(stateFolder: string, run: number) {
    this.#path = join(stateFolder, `clock-${run}.log`);
  }

  /** Notes a sample unless it says nothing new. */
  async add(sample: SegmentSample, nowMs: number): Promise<void> {
    const samples = await this.#load();
    const last = samples.at(-1);
    if (last?.number === sample.number && last.bytes === sample.bytes) return;
    samples.push(sample);
    this.#unsaved.push(sample);
    if (samples.length > SAMPLES_MAX) samples.splice(0, samples.length - SAMPLES_MAX);
    if (nowMs - this.#savedAtMs < SAVE_INTERVAL_MS) return;
    this.#savedAtMs = nowMs;
    await this.#save();
  }

  /** The samples of one segment, oldest first. */
  async of(number: number): Promise<readonly WriteSample[]> {
    return (await this.#load()).filter((sample) => sample.number === number);
  }

  /** Drops what belongs to segments up to `number`. */
  async forget(number: number): Promise<void> {
    const rest = (await this.#load()).filter((sample) => sample.number > number);
    this.#samples = rest;
    this.#unsaved = [];
    await writeFile(this.#path, rest.map(formatSample).join('')).catch(() => undefined);
  }

  /** Removes the file. */
  async remove(): Promise<void> {
    await rm(this.#path, { force: true });
  }

  async #save(): Promise<void> {
    const text = this.#unsaved.map(formatSample).join('');
    this.#unsaved = [];
    await appendFile(this.#path, text).catch(() => undefined);
  }

  async #load(): Promise<SegmentSample[]> {
    this.#samples ??= parseSamples(await unlessMissing(readFile(this.#path, 'utf8'), ''));
    return this.#samples;
  }
}

function formatSample(sample: SegmentSample): string {
  return `${sample.number} ${sample.writtenAtMs} ${sample.bytes}\n`;
}

function parseSamples(text: string): SegmentSample[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' ').map(Number))
    .filter((values) => values.length === 3 && values.every(Number.isFinite))
    .map(([number, writtenAtMs, bytes]) => ({
      number: number as number,
      writtenAtMs: writtenAtMs as number,
      bytes: bytes as number,
    }))
    .slice(-SAMPLES_MAX);
}
