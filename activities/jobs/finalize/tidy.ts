import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FinalizeParams } from '../../../core/jobs/params.js';
import { readManifest, type RemovedLine, type SegmentLine } from '../../../core/manifest/index.js';
import { Branch } from '../../recording/branch.js';
import { branchFolders } from '../../recording/folders.js';
import { removeSegments } from '../../recording/retention.js';
import { sizeInWords } from '../../storage/words.js';
import type { StepContext } from '../step-context.js';
import { linesOf, loadDoubts, loadPlan } from './plan.js';

/** Removes the segments when that was asked for and the verification before it has no doubt that nothing is lost with them. */
export async function tidy(params: FinalizeParams, context: StepContext): Promise<void> {
  if (params.keep_parts) return;
  const doubts = await loadDoubts(context);
  if (doubts.length > 0) {
    context.log('warning', `the segments are kept, in spite of keep_parts=false: ${doubts.join('; ')}`);
    return;
  }
  const plan = await loadPlan(context);
  const branch = new Branch(branchFolders(context.dataDir, plan.recording, plan.branch));
  const joined = plan.files.flatMap(({ group }) => linesOf(group));
  const waiting = await withoutRemoved(branch, joined);
  const at = new Date().toISOString();
  const reason = `joined to ${plan.files.map(({ name }) => name).join(', ')} by ${context.jobId}`;
  await removeSegments(
    branch,
    waiting.map(({ file }): RemovedLine => ({ type: 'removed', file, at, reason })),
  );
  // What the manifest says is removed may still be there after a crash.
  for (const { file } of joined) await rm(join(plan.folder, file), { force: true });
  const bytes = sizeInWords(joined.reduce((sum, line) => sum + line.bytes, 0));
  context.log('info', `${joined.length} segments with ${bytes} removed: ${reason}`);
}

/** An attempt before this one, or a retention setting, may have written the line already. */
async function withoutRemoved(branch: Branch, lines: readonly SegmentLine[]): Promise<SegmentLine[]> {
  const { removed } = readManifest(await readFile(branch.folders.manifestFile, 'utf8'));
  const gone = new Set(removed.map(({ file }) => file));
  return lines.filter(({ file }) => !gone.has(file));
}
