import { JOB_KIND, splitInstanceId } from '../../library/instance-kinds.js';
import type { Jobs } from '../../library/jobs.js';
import type { CommandContext, ServerOptions } from '../context.js';
import { withStore } from './with-jobs.js';

/** What a person means by an id or a bare name. */
export interface Meant {
  readonly id: string;
  readonly isJob: boolean;
}

/**
 * Finds what is meant. A job that the server has forgotten is one as long as the store knows it.
 * @throws {HoldfastError} `unknown_instance`, `ambiguous_instance`
 */
export async function findMeant(
  context: CommandContext,
  options: ServerOptions,
  reference: string,
): Promise<Meant> {
  if (splitInstanceId(reference).kind === JOB_KIND) return { id: reference, isJob: true };
  const { findInstance } = await import('../../library/find-instance.js');
  try {
    const { id, kind } = await findInstance(context.client, reference);
    return { id, isJob: kind === JOB_KIND };
  } catch (error) {
    const isUnknown = error instanceof Error && 'code' in error && error.code === 'unknown_instance';
    if (!isUnknown || reference.includes('/')) throw error;
    const id = await withStore(context, options, ({ jobs }) => keptJob(jobs, reference));
    if (id === null) throw error;
    return { id, isJob: true };
  }
}

async function keptJob(jobs: Jobs, name: string): Promise<string | null> {
  const reading = await jobs.read(name, Number.MAX_SAFE_INTEGER, 'store').catch(() => null);
  return reading?.view.id ?? null;
}
