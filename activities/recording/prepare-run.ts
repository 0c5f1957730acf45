import { access, constants, mkdir } from 'node:fs/promises';
import type { RunSpec } from '../../core/run.js';
import { PlanError } from '../custody/handler.js';
import type { Branch } from './branch.js';
import { codeOf } from './file-error.js';
import type { ResumeState } from './resume-state.js';

/** Makes the folders of a branch. */
export async function prepareFolder(branch: Branch): Promise<void> {
  try {
    await mkdir(branch.folders.stateFolder, { recursive: true });
    await access(branch.folders.folder, constants.W_OK);
  } catch (error) {
    throw storageError(error);
  }
}

/** A plan that is made again for the same run, because the worker died before the process was there, keeps its number. */
export async function takeRunNumber(branch: Branch, spec: RunSpec): Promise<number> {
  const newest = (await branch.facts.all()).at(-1);
  if (newest?.runKey === spec.runKey && newest.end === null && newest.run >= spec.run) return newest.run;
  return branch.takeRunNumber(spec.run);
}

/** Takes the room in which the end of a run will be noted. */
export async function noteRun(
  branch: Branch,
  spec: RunSpec,
  facts: { run: number; startMs: number; resume: ResumeState | null; readerFile: string | null },
): Promise<void> {
  const { run, resume, readerFile } = facts;
  try {
    await branch.facts.add({
      run,
      runKey: spec.runKey,
      plannedAt: new Date(facts.startMs).toISOString(),
      readerFile,
      resumesAfter: resume === null ? null : { sequence: resume.sequence, run: resume.run },
      hls: null,
      end: null,
      invalid: null,
      concluded: false,
    });
  } catch (error) {
    throw storageError(error);
  }
}

/** The recording folder cannot be used: said as facts, because the text differs from system to system. */
export function storageError(error: unknown): PlanError {
  const text = messageOf(error);
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new PlanError(text, { role: 'storage', freeBytes: 0, text });
    case 'EROFS':
    case 'ENOENT':
    case 'EIO':
      return new PlanError(text, { role: 'storage', writable: false, text });
    default:
      return new PlanError(text, { role: 'storage', text });
  }
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
