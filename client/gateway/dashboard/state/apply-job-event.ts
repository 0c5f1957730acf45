import type { FollowedEvent } from '../../../follow/followed-event.js';
import type { ShownJob } from './model.js';

/** Characters of the written text that are shown while it comes. */
const TEXT_SHOWN = 600;

/** What a job is after an event of its own stream. */
export function afterJobEvent(job: ShownJob, event: FollowedEvent): ShownJob {
  const told = withTold(job, event);
  if (event.origin === 'client') return told;
  const offset = event.type === 'reset' ? told.view.lastOffset : (event.offset ?? told.view.lastOffset);
  return {
    ...told,
    problem: null,
    view: { ...told.view, lastOffset: Math.max(offset, told.view.lastOffset) },
  };
}

function withTold(job: ShownJob, event: FollowedEvent): ShownJob {
  const { view } = job;
  switch (event.type) {
    case 'reset':
      return { ...job, view: event.job };
    case 'status':
    case 'done':
      return { ...job, view: { ...view, status: event.status }, lastLog: event.message };
    case 'progress': {
      const { percent, step, done, total, unit, rate, remainingMs, text } = event;
      const progress = { percent, step, done, total, unit, rate, remainingMs };
      return { ...job, view: { ...view, progress }, text: `${job.text}${text ?? ''}`.slice(-TEXT_SHOWN) };
    }
    case 'artifact': {
      const { name, mediaType, bytes, time } = event;
      const others = view.artifacts.filter((artifact) => artifact.name !== name);
      return {
        ...job,
        view: { ...view, artifacts: [...others, { name, mediaType, bytes, createdAt: time, host: '' }] },
      };
    }
    case 'log':
      return { ...job, lastLog: event.message };
    case 'error':
      return event.origin === 'client'
        ? { ...job, problem: event.message }
        : { ...job, lastLog: `${event.error_code}: ${event.message}` };
  }
}
