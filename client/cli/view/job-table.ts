import type { JobArtifact, JobView } from '../../../core/jobs/index.js';
import { paintState, type Colours } from './colours.js';
import { renderProgress } from './job-progress.js';
import { renderTable, type Column } from './table.js';
import { clockTime, humanBytes, humanDuration, humanSince } from './words.js';

export interface TextView {
  readonly width: number;
  readonly nowMs: number;
  readonly colours: Colours;
}

/** Jobs as `holdfast job list` prints them. */
export function renderJobs(jobs: readonly JobView[], { width, nowMs, colours }: TextView): string[] {
  const columns: Column<JobView>[] = [
    { title: 'JOB', value: ({ id }) => id, paint: (_row, text) => colours.bold(text) },
    { title: 'KIND', value: ({ kind }) => kind, dropOrder: 3 },
    {
      title: 'STATE',
      value: ({ status }) => status,
      paint: (row, text) => paintState(colours, row.status, text),
    },
    { title: 'DONE', value: ({ progress }) => percentOf(progress?.percent), align: 'right' },
    { title: 'AGE', value: ({ createdAt }) => humanSince(createdAt, nowMs), align: 'right', dropOrder: 2 },
    { title: 'TOOK', value: tookOf, align: 'right', dropOrder: 1 },
    {
      title: 'DETAIL',
      value: detailOf,
      flexible: true,
      paint: (_row, text) => colours.dim(text),
    },
  ];
  return renderTable(jobs, columns, width, colours);
}

/** One job as `holdfast job show` prints it. */
export function renderJob(job: JobView, view: TextView): string[] {
  const { colours, nowMs } = view;
  const facts: [string, string][] = [
    ['state', paintState(colours, job.status, job.status)],
    ['kind', job.kind],
    ['asked for', clockTime(job.createdAt, nowMs)],
    ['took', tookOf(job)],
    ['progress', job.progress === null ? '' : renderProgress(job.progress, view.width)],
    ['error', job.error === null ? '' : colours.red(`${job.error.cause}: ${job.error.message}`)],
    ['params', JSON.stringify(job.params)],
  ];
  const lines = facts.filter(([, text]) => text !== '').map(([name, text]) => `${name.padEnd(10)} ${text}`);
  const artifacts = job.artifacts.length === 0 ? [] : ['', ...renderArtifacts(job.artifacts, view)];
  return [colours.bold(job.id), ...lines, ...artifacts];
}

/** What a job has made. */
export function renderArtifacts(artifacts: readonly JobArtifact[], { width, colours }: TextView): string[] {
  const columns: Column<JobArtifact>[] = [
    { title: 'ARTIFACT', value: ({ name }) => name },
    { title: 'SIZE', value: ({ bytes }) => humanBytes(bytes), align: 'right' },
    { title: 'TYPE', value: ({ mediaType }) => mediaType },
    { title: 'HOST', value: ({ host }) => host },
  ];
  return renderTable(artifacts, columns, width, colours);
}

function percentOf(percent: number | null | undefined): string {
  return percent == null ? '' : `${Math.floor(percent)} %`;
}

function tookOf({ startedAt, endedAt }: JobView): string {
  if (startedAt === null || endedAt === null) return '';
  return humanDuration(Date.parse(endedAt) - Date.parse(startedAt));
}

function detailOf({ error, artifacts, progress, endedAt }: JobView): string {
  if (error !== null) return `${error.cause}: ${error.message}`;
  if (endedAt === null) return progress?.step ?? '';
  return artifacts.map(({ name }) => name).join(', ');
}
