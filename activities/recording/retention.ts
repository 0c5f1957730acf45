import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  compareSegments,
  isoInstant,
  parseSegmentName,
  type RemovedLine,
} from '../../core/manifest/index.js';
import type { StorageSettings } from '../../core/run.js';
import { expiredSegments, hasRetention, type StoredSegment } from '../storage/index.js';
import type { Branch } from './branch.js';
import { codeOf, unlessMissing } from './file-error.js';
import { listSegments } from './segment-files.js';

/** What one look removes at most: the first one after a setting was changed may find a year. */
const REMOVED_MAX = 500;

/** Removes closed segments that the settings do not keep. Only those in the manifest are looked at, so never the open one. */
export class Retention {
  readonly #branch: Branch;
  readonly #settings: StorageSettings;
  /** Closed segments do not change: each is looked at once. */
  #known = new Map<string, StoredSegment>();

  constructor(branch: Branch, settings: StorageSettings) {
    this.#branch = branch;
    this.#settings = settings;
  }

  /** Removes what has to go. Nobody else may work on the branch meanwhile. */
  async apply(nowMs: number): Promise<void> {
    if (!hasRetention(this.#settings)) return;
    const segments = await this.#closedSegments();
    const expired = expiredSegments(segments, this.#settings, nowMs).slice(0, REMOVED_MAX);
    if (expired.length === 0) return;
    const at = isoInstant(nowMs);
    const lines = expired.map(({ file, reason }) => ({ type: 'removed' as const, file, at, reason }));
    await removeSegments(this.#branch, lines);
  }

  async #closedSegments(): Promise<StoredSegment[]> {
    const last = await this.#branch.manifest.lastSegment();
    const newest = last === null ? null : parseSegmentName(last.file);
    if (newest === null) return [];
    const files = await listSegments(this.#branch.folders.folder);
    const known = new Map<string, StoredSegment>();
    for (const segment of files) {
      if (compareSegments(segment, newest) > 0) break;
      const stored = this.#known.get(segment.file) ?? (await this.#look(segment.file));
      if (stored !== null) known.set(segment.file, stored);
    }
    this.#known = known;
    return [...known.values()];
  }

  async #look(file: string): Promise<StoredSegment | null> {
    const stats = await unlessMissing(stat(join(this.#branch.folders.folder, file)), null);
    return stats === null ? null : { file, bytes: stats.size, writtenAtMs: stats.mtimeMs };
  }
}

/**
 * Removes closed segments and says so in the manifest. The manifest first: a crash in between leaves a file that the next look removes,
 * and no hole that nobody explains.
 */
export async function removeSegments(branch: Branch, lines: readonly RemovedLine[]): Promise<void> {
  try {
    await branch.manifest.appendRemoved(lines);
    await deleteFiles(branch, lines);
  } catch (error) {
    if (!['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '')) throw error;
    // There is no room for the lines until the files are gone.
    await deleteFiles(branch, lines);
    await branch.manifest.appendRemoved(lines);
  }
}

async function deleteFiles(branch: Branch, lines: readonly RemovedLine[]): Promise<void> {
  for (const { file } of lines) await rm(join(branch.folders.folder, file), { force: true });
}
