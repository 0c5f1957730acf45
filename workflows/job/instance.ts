import { workflowInfo } from '@temporalio/workflow';
import {
  isJobOver,
  jobNameOf,
  jobProgress,
  JobLog,
  NO_WORK_DONE,
  stepsOf,
  type CarriedJob,
  type JobAnswer,
  type JobArtifact,
  type JobEntry,
  type JobEvent,
  type JobEventBody,
  type JobFailure,
  type JobProgress,
  type JobReport,
  type JobState,
  type JobView,
  type ReportEntry,
  type StepDone,
  type StepPlan,
  type WorkDone,
} from '../../core/jobs/index.js';
import { Visibility } from '../visibility.js';

/** The attempt that reports now, and how many of its reports were heard. */
interface Reporting {
  readonly attempt: number;
  readonly number: number;
}

const NOTHING_HEARD: Reporting = { attempt: 0, number: 0 };

/** One job: how far it is, what it has made, and everything that it told. */
export class JobInstance {
  readonly id = workflowInfo().workflowId;
  readonly entry: JobEntry;
  /** The entry as written: it is what the next execution gets. */
  readonly raw: unknown;
  readonly steps: readonly StepPlan[];
  /** Index of the step that is made or comes next. */
  nextStep: number;
  host: string | null;
  /** The store has everything up to here. */
  savedOffset: number;
  readonly #log: JobLog;
  readonly #createdAt: string;
  #startedAt: string | null;
  #endedAt: string | null = null;
  #status: JobState;
  #message: string;
  #progress: JobProgress | null;
  #artifacts: readonly JobArtifact[];
  #error: JobFailure | null = null;
  #cancelWanted = false;
  #reporting = NOTHING_HEARD;
  /** When the attempt that reports now took the step; null between two. */
  #stepBegunMs: number | null = null;
  #worked: WorkDone;
  #urgentOffset = 0;
  readonly #visibility = new Visibility();

  constructor(entry: JobEntry, raw: unknown, carried?: CarriedJob) {
    this.entry = entry;
    this.raw = raw;
    this.steps = stepsOf(entry);
    this.nextStep = carried?.nextStep ?? 0;
    this.host = entry.host ?? carried?.host ?? null;
    this.savedOffset = carried?.savedOffset ?? 0;
    this.#log = new JobLog(carried?.events);
    this.#createdAt = carried?.createdAt ?? now();
    this.#startedAt = carried?.startedAt ?? null;
    this.#status = carried?.status ?? 'pending';
    this.#message = carried?.message ?? '';
    this.#progress = carried?.progress ?? null;
    this.#artifacts = carried?.artifacts ?? [];
    this.#worked = carried?.worked ?? NO_WORK_DONE;
    if (carried === undefined) this.enter('pending', 'waiting for a worker');
    else this.#show();
  }

  get createdAt(): string {
    return this.#createdAt;
  }

  /** A worker has taken a step. */
  get hasBegun(): boolean {
    return this.#startedAt !== null;
  }

  get cancelWanted(): boolean {
    return this.#cancelWanted;
  }

  get hasUnsaved(): boolean {
    return this.#log.lastOffset > this.savedOffset;
  }

  /** Something that somebody waits for is not in the store yet. */
  get hasUrgent(): boolean {
    return this.#urgentOffset > this.savedOffset;
  }

  cancel(): void {
    if (this.#cancelWanted || isJobOver(this.#status)) return;
    this.#cancelWanted = true;
    this.enter(this.#status, 'cancelling');
  }

  /** Changes the state, or only what is said about it. */
  enter(status: JobState, message: string): void {
    if (status === this.#status && message === this.#message) return;
    this.#status = status;
    this.#message = message;
    this.#tell({ type: 'status', status, message });
  }

  beginStep(): void {
    this.#reporting = NOTHING_HEARD;
    this.#stepBegunMs = null;
  }

  /** Takes in what a step has come to. Waiting and failed attempts say nothing about how long the work takes. */
  endStep({ host, artifacts }: StepDone): void {
    this.host = host;
    for (const artifact of artifacts) this.addArtifact(artifact);
    if (this.#stepBegunMs === null) return;
    const { ms, weight } = this.#worked;
    const step = this.steps[this.nextStep];
    this.#worked = { ms: ms + Date.now() - this.#stepBegunMs, weight: weight + (step?.weight ?? 0) };
    this.#stepBegunMs = null;
  }

  /** Takes in what a step has to tell. What was heard already, and late words of a former attempt or step, change nothing. */
  hear(report: JobReport): void {
    const { step, attempt, number, host, entries } = report;
    const last = this.#reporting;
    if (isJobOver(this.#status) || step !== this.steps[this.nextStep]?.name) return;
    if (attempt < last.attempt || (attempt === last.attempt && number <= last.number)) return;
    this.#reporting = { attempt, number };
    this.host = host;
    for (const entry of entries) this.#take(step, attempt, entry);
  }

  addArtifact(artifact: JobArtifact): void {
    const { name, mediaType, bytes, createdAt } = artifact;
    const known = this.#artifacts.find((other) => other.name === name);
    if (known?.createdAt === createdAt) return;
    this.#artifacts = [...this.#artifacts.filter((other) => other.name !== name), artifact];
    this.#tell({ type: 'artifact', name, mediaType, bytes });
  }

  fail(failure: JobFailure): void {
    this.#error = failure;
    this.#tell({ type: 'error', fatal: true, error_code: failure.cause, message: failure.message });
    this.conclude('failed', failure.message);
  }

  conclude(status: JobState, message: string): void {
    this.#endedAt = now();
    if (status === 'completed' && this.#progress !== null) {
      this.#progress = { ...this.#progress, percent: 100, remainingMs: 0 };
    }
    this.enter(status, message);
    this.#tell({ type: 'done', status, message });
  }

  answer(afterOffset: number): JobAnswer {
    return { view: this.view(), events: this.#log.after(afterOffset) };
  }

  unsaved(): readonly JobEvent[] {
    return this.#log.after(this.savedOffset, Number.POSITIVE_INFINITY);
  }

  view(): JobView {
    return {
      id: this.id,
      kind: this.entry.kind,
      status: this.#status,
      params: (this.raw as { readonly params: unknown }).params,
      createdAt: this.#createdAt,
      startedAt: this.#startedAt,
      endedAt: this.#endedAt,
      progress: this.#progress,
      artifacts: this.#artifacts,
      error: this.#error,
      firstOffset: this.#log.firstOffset,
      lastOffset: this.#log.lastOffset,
    };
  }

  carry(): CarriedJob {
    return {
      createdAt: this.#createdAt,
      startedAt: this.#startedAt,
      host: this.host,
      status: this.#status,
      message: this.#message,
      nextStep: this.nextStep,
      progress: this.#progress,
      artifacts: this.#artifacts,
      events: this.#log.carry(),
      savedOffset: this.savedOffset,
      worked: this.#worked,
    };
  }

  #take(step: string, attempt: number, entry: ReportEntry): void {
    switch (entry.type) {
      case 'begun':
        this.#startedAt ??= now();
        this.#stepBegunMs = Date.now();
        if (this.#cancelWanted) return;
        return this.enter('running', attempt === 1 ? step : `${step}, attempt ${attempt}`);
      case 'progress': {
        const { text, ...progress } = jobProgress(this.steps, step, entry, this.#worked);
        this.#progress = progress;
        return this.#tell({ type: 'progress', ...progress, ...(text === undefined ? {} : { text }) });
      }
      case 'artifact': {
        const { type: _type, ...artifact } = entry;
        return this.addArtifact(artifact);
      }
      case 'log':
      case 'error':
        return this.#tell(entry);
    }
  }

  #tell(body: JobEventBody): void {
    const { offset } = this.#log.append(body, now());
    if (body.type !== 'progress' && body.type !== 'log') this.#urgentOffset = offset;
    this.#show();
  }

  #show(): void {
    const percent = this.#progress?.percent ?? null;
    const share = percent === null || isJobOver(this.#status) ? '' : `, ${Math.floor(percent)} %`;
    this.#visibility.show({
      kind: 'job',
      host: this.host,
      state: this.#status,
      detail: `${this.#message}${share}`,
    });
  }
}

/** Name of the job, for its owner's checks. */
export function ownJobName(): string {
  return jobNameOf(workflowInfo().workflowId);
}

function now(): string {
  return new Date().toISOString();
}
