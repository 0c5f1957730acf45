import { access, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from '../../recording/file-error.js';
import type { StepContext } from '../step-context.js';

/** Makes a file of the work folder an artifact. One that an attempt before this one has moved is announced again. */
export async function publish(
  context: StepContext,
  { name, mediaType }: { readonly name: string; readonly mediaType: string },
): Promise<void> {
  const workFile = join(context.workFolder, name);
  const found = await locate(context, name);
  if (found !== workFile) await rename(found, workFile);
  await context.artifact(name, mediaType, workFile);
}

/** Where a file of the job is: in the work folder or, when an attempt has moved it, among the artifacts. */
export async function locate(context: StepContext, name: string): Promise<string> {
  const workFile = join(context.workFolder, name);
  const isWaiting = await unlessMissing(
    access(workFile).then(() => true),
    false,
  );
  return isWaiting ? workFile : join(context.artifactsFolder, name);
}
