import { followJob } from '../../../follow/follow-job.js';
import { isJobOver } from '../../../../core/jobs/events.js';
import { afterJobEvent } from '../state/apply-job-event.js';
import { newestJobs } from '../state/apply-event.js';
import type { Model } from '../state/model.js';
import { jobPath } from './paths.js';
import { tokenHeaders } from './token.js';

/** A browser opens six connections to one server, and the page needs some for its questions. */
const FOLLOWED_MAX = 2;

/** Follows the newest running jobs by their own streams: their progress is seen as it happens. */
export class JobFollowers {
  private readonly followed = new Map<string, AbortController>();

  constructor(
    private readonly model: Model,
    private readonly onChange: () => void,
    private readonly onOver: () => void,
  ) {}

  /** Begins and ends to follow, as the jobs are now. */
  update(): void {
    const running = newestJobs(this.model).filter(({ view }) => !isJobOver(view.status));
    const wanted = new Set(running.slice(0, FOLLOWED_MAX).map(({ view }) => view.id));
    for (const [id, controller] of this.followed) {
      if (!wanted.has(id)) controller.abort();
    }
    for (const id of wanted) {
      if (!this.followed.has(id)) void this.follow(id);
    }
  }

  private async follow(id: string): Promise<void> {
    const controller = new AbortController();
    this.followed.set(id, controller);
    const lastEventId = this.model.jobs.get(id)?.view.lastOffset ?? 0;
    const options = { headers: tokenHeaders(), signal: controller.signal, lastEventId };
    for await (const event of followJob(jobPath(id), options)) {
      const job = this.model.jobs.get(id);
      if (job === undefined) break;
      this.model.jobs.set(id, afterJobEvent(job, event));
      this.onChange();
    }
    this.followed.delete(id);
    // What it has made, and when it ended, is told whole by the job itself.
    if (!controller.signal.aborted) this.onOver();
  }
}
