import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobStore } from '../../store/index.js';
import { unlessMissing } from '../recording/file-error.js';

/** What steps leave to later attempts and steps. */
export interface StepValues {
  save(key: string, value: unknown): Promise<void>;
  load<Value>(key: string): Promise<Value | undefined>;
  clear(): Promise<void>;
}

/** In the work folder: for steps that all run on one host, which has no store. */
export function valuesInFolder(workFolder: string): StepValues {
  const folder = join(workFolder, 'values');
  const fileOf = (key: string) => join(folder, `${encodeURIComponent(key)}.json`);
  return {
    save: async (key, value) => {
      await mkdir(folder, { recursive: true });
      const draft = `${fileOf(key)}.${process.pid}.part`;
      await writeFile(draft, JSON.stringify(value));
      await rename(draft, fileOf(key));
    },
    load: async <Value>(key: string) => {
      const text = await unlessMissing(readFile(fileOf(key), 'utf8'), undefined);
      return text === undefined ? undefined : (JSON.parse(text) as Value);
    },
    clear: () => rm(folder, { recursive: true, force: true }),
  };
}

/** In the store: the next step may run on another fetcher. */
export function valuesInStore(jobs: JobStore, jobId: string): StepValues {
  return {
    save: (key, value) => jobs.saveValue(jobId, key, value),
    load: (key) => jobs.loadValue(jobId, key),
    clear: () => jobs.deleteValues(jobId),
  };
}
