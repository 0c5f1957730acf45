import { log, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { hashOf } from '../core/hash.js';
import { jobIdOf } from '../core/jobs/id.js';

/** What was recorded between two instants, and where. */
export interface Show {
  /** `stream/<name>` */
  readonly recording: string;
  readonly branch: string;
  readonly host: string;
  /** ISO 8601, UTC. */
  readonly from: string;
  readonly to: string;
}

/** Names of jobs have an end; a longer name of a stream is cut, and told apart by a number. */
const STREAM_NAME_LENGTH_MAX = 80;

/** Starts the job that makes one file of a show. It lives on by itself, whatever becomes of the stream. */
export async function finalizeShow({ recording, branch, host, from, to }: Show): Promise<void> {
  const id = `finalize-${shortened(recording.slice(recording.indexOf('/') + 1))}-${compact(from)}`;
  const params = { recording, branch, from, to };
  try {
    await startChild('job', {
      workflowId: jobIdOf(id),
      args: [{ id, kind: 'finalize', host, params }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: `holdfast finalize ${id}`,
    });
  } catch (error) {
    // The recording is there all the same, and anybody can ask for the job.
    log.warn('the show could not be finalized', { error });
  }
}

function shortened(name: string): string {
  if (name.length <= STREAM_NAME_LENGTH_MAX) return name;
  return `${name.slice(0, STREAM_NAME_LENGTH_MAX)}-${hashOf(name)}`;
}

/** `20260304T050607Z` */
function compact(iso: string): string {
  return iso.replace(/[-:]|\.\d+/g, '');
}
