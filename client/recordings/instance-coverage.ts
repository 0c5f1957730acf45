import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  coverageOf,
  readManifest,
  type Coverage,
  type CoverageRange,
  type Manifest,
  type ManifestFault,
} from '../../core/manifest/index.js';
import { findOpenSegment, type OpenSegment } from './open-segment.js';
import { findPendingGap, type PendingGap } from './pending-gap.js';

const MANIFEST = 'manifest.jsonl';
/** A message that names what exists shows this many. */
const NAMES_SHOWN_MAX = 20;

/** The recording of one branch. */
export interface BranchCoverage {
  readonly branch: string;
  /** Absolute. */
  readonly folder: string;
  /** Null when there is nothing in the range asked for. */
  readonly coverage: Coverage | null;
  /** Not part of `coverage` until it is closed and checked. */
  readonly open: OpenSegment | null;
  /** Not part of `coverage` either: it may last, and then nobody knows whether it ends. */
  readonly pending: PendingGap | null;
  /** Lines of the manifest that cannot be used. */
  readonly faults: readonly ManifestFault[];
}

export interface InstanceCoverage {
  /** `kind/name`. */
  readonly id: string;
  readonly branches: readonly BranchCoverage[];
}

/** There is no recording of that id, or of several with that name. */
export class UnknownRecordingError extends Error {
  override readonly name = 'UnknownRecordingError';
  /** There are several. */
  readonly ambiguous: boolean;

  constructor(message: string, ambiguous: boolean) {
    super(message);
    this.ambiguous = ambiguous;
  }
}

/** Ids of all instances that have recorded something, in order. */
export async function listRecordedInstances(dataDir: string): Promise<string[]> {
  const root = join(dataDir, 'recordings');
  const ids: string[] = [];
  for (const kind of await foldersIn(root)) {
    for (const name of await foldersIn(join(root, kind))) {
      ids.push(`${decodeURIComponent(kind)}/${decodeURIComponent(name)}`);
    }
  }
  return ids.sort();
}

/**
 * Reads what is recorded of one instance.
 * @param id `kind/name`, or the bare name where it is unique.
 * @throws {UnknownRecordingError}
 */
export async function readInstanceCoverage(
  dataDir: string,
  id: string,
  range: CoverageRange = {},
): Promise<InstanceCoverage> {
  const found = await findInstance(dataDir, id);
  const folder = join(dataDir, 'recordings', ...found.split('/').map(encodeURIComponent));
  const branches: BranchCoverage[] = [];
  for (const branch of await foldersIn(folder)) {
    const text = await readManifestText(join(folder, branch));
    if (text === null) continue;
    const manifest = readManifest(text);
    const listed = new Set(manifest.segments.map(({ file }) => file));
    const open = await findOpenSegment(join(folder, branch), listed);
    branches.push({
      branch: decodeURIComponent(branch),
      folder: join(folder, branch),
      coverage: coverageOf(manifest, sinceItBegan(range, manifest)),
      open,
      pending: await findPendingGap({ folder: join(folder, branch), manifest, open, nowMs: Date.now() }),
      faults: manifest.faults,
    });
  }
  return { id: found, branches };
}

/** Before its first line there was no recording, e.g. of an output added while live: nothing is missing there. */
function sinceItBegan(range: CoverageRange, { segments, gaps }: Manifest): CoverageRange {
  if (range.sinceMs === undefined) return range;
  const begins = [...segments.map(({ start }) => start), ...gaps.map(({ from }) => from)].sort();
  const first = begins[0];
  return first === undefined ? range : { ...range, sinceMs: Math.max(range.sinceMs, Date.parse(first)) };
}

async function findInstance(dataDir: string, id: string): Promise<string> {
  const known = await listRecordedInstances(dataDir);
  const matching = id.includes('/')
    ? known.filter((candidate) => candidate === id)
    : known.filter((candidate) => candidate.endsWith(`/${id}`));
  const [only, another] = matching;
  if (only !== undefined && another === undefined) return only;
  if (only !== undefined) {
    throw new UnknownRecordingError(`${id} is not unique; there are ${matching.join(', ')}`, true);
  }
  throw new UnknownRecordingError(`no recording of ${id} in ${dataDir}; ${named(known)}`, false);
}

function named(known: readonly string[]): string {
  if (known.length === 0) return 'nothing has been recorded there';
  const shown = known.slice(0, NAMES_SHOWN_MAX).join(', ');
  const rest = known.length - NAMES_SHOWN_MAX;
  return rest > 0 ? `there are ${shown} and ${rest} more` : `there are ${shown}`;
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Null when there is no branch; a branch that has no closed segment yet has an empty manifest. */
async function readManifestText(branchFolder: string): Promise<string | null> {
  try {
    return await readFile(join(branchFolder, MANIFEST), 'utf8');
  } catch (error) {
    if (!isMissing(error)) throw error;
    return (await stat(branchFolder)).isDirectory() ? '' : null;
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
