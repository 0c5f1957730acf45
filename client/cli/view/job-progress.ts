import type { JobEventBody, JobProgress } from '../../../core/jobs/index.js';
import type { Colours } from './colours.js';
import { humanBytes, humanDuration } from './words.js';

const BAR_CELLS_MAX = 30;
const BAR_CELLS_MIN = 8;

/** Progress on one line: `[######    ] 62 %  join  1.2 GB of 2.0 GB  95 MB/s  9s left`. */
export function renderProgress(progress: JobProgress, width: number): string {
  const { percent, step, remainingMs } = progress;
  const words = [
    percent === null ? '' : `${Math.floor(percent)} %`.padStart(5),
    step,
    amountOf(progress),
    rateOf(progress),
    remainingMs === null || percent === 100 ? '' : `${humanDuration(remainingMs)} left`,
  ].filter((text) => text !== '');
  const text = words.join('  ');
  const cells = Math.min(BAR_CELLS_MAX, width - text.length - 4);
  return cells < BAR_CELLS_MIN
    ? text.slice(0, Math.max(0, width - 1))
    : `${bar(percent ?? 0, cells)} ${text}`;
}

/** An event on a line of its own; empty for what is shown as a bar. */
export function renderJobEvent(body: JobEventBody, colours: Colours): string {
  switch (body.type) {
    case 'status':
      return body.message === body.status ? body.status : `${body.status}: ${body.message}`;
    case 'artifact':
      return `${colours.green('made')} ${body.name} (${body.mediaType}, ${humanBytes(body.bytes)})`;
    case 'log':
      return body.level === 'info' ? body.message : colours.yellow(`${body.level}: ${body.message}`);
    case 'error': {
      const text = `${body.error_code}: ${body.message}`;
      return body.fatal ? colours.red(text) : colours.yellow(`${text} (going on)`);
    }
    case 'progress':
    case 'done':
      return '';
  }
}

function bar(percent: number, cells: number): string {
  const full = Math.round((Math.min(100, Math.max(0, percent)) / 100) * cells);
  return `[${'#'.repeat(full)}${' '.repeat(cells - full)}]`;
}

/** How much is done: `1.2 GB of 2.0 GB`; empty when it is not known. */
export function amountOf({ done, total, unit }: JobProgress): string {
  if (done === null) return '';
  const one = (value: number) => (unit === 'bytes' ? humanBytes(value) : String(Math.round(value)));
  const of = total === null ? one(done) : `${one(done)} of ${one(total)}`;
  return unit === null || unit === 'bytes' ? of : `${of} ${unit}`;
}

/** How fast: `95 MB/s`; empty when it is not known. */
export function rateOf({ rate, unit }: JobProgress): string {
  if (rate === null) return '';
  if (unit === 'bytes') return `${humanBytes(rate)}/s`;
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} ${unit ?? ''}/s`.replace(' /', '/');
}
