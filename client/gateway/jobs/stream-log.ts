import type { Logger } from 'pino';
import type { JobView } from '../../../core/jobs/view.js';
import { LOG_INTERVAL_MS } from './limits.js';

/** The lines that a job's stream leaves in the log; people search for their tags. */
export class StreamLog {
  private polledAtMs: number;
  private lastError = { text: '', atMs: -Infinity, unsaid: 0 };

  constructor(
    private readonly logger: Logger,
    private readonly jobId: string,
    private readonly nowMs: () => number,
  ) {
    this.polledAtMs = nowMs();
  }

  started(lastEventId: number): void {
    const { jobId } = this;
    this.logger.info({ jobId, lastEventId }, `[STREAM_START] Starting SSE stream for job ${jobId}`);
  }

  /** One line in ten seconds. */
  polled(poll: number, view: JobView | null, clients: number): void {
    if (this.nowMs() - this.polledAtMs < LOG_INTERVAL_MS) return;
    this.polledAtMs = this.nowMs();
    const { jobId } = this;
    const status = view?.status ?? 'unknown';
    const facts = { jobId, poll, status, percent: view?.progress?.percent ?? null, clients };
    this.logger.info(facts, `[STREAM_POLL] Job ${jobId}: Poll #${poll}, status=${status}`);
  }

  completed(view: JobView): void {
    const { jobId } = this;
    const { status } = view;
    const artifactCount = view.artifacts.length;
    this.logger.info(
      { jobId, status, artifactCount, lastOffset: view.lastOffset },
      `[STREAM_COMPLETE] Job ${jobId}: Status changed to ${status}, closing the stream`,
    );
  }

  /** The first of a row of the same errors at once, then one line in ten seconds. */
  failed(error: unknown, what: string, view: JobView | null): void {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    const text = `${what}: ${message}`;
    const { lastError } = this;
    if (lastError.text === text && this.nowMs() - lastError.atMs < LOG_INTERVAL_MS) {
      lastError.unsaid += 1;
      return;
    }
    const { jobId } = this;
    const facts = {
      jobId,
      errorType: name,
      errorMessage: message,
      stack: stack ?? null,
      status: view?.status ?? 'unknown',
      artifactCount: view?.artifacts.length ?? 0,
      repetitions: lastError.text === text ? lastError.unsaid : 0,
    };
    this.lastError = { text, atMs: this.nowMs(), unsaid: 0 };
    this.logger.error(facts, `[STREAM_ERROR] Job ${jobId}: ${text}`);
  }
}
