import type { JobView } from '../../../../core/jobs/view.js';
import type { LiveEvent } from '../../events/event-words.js';
import type { Listed, Model, ShownJob } from './model.js';

/** Newest notifications that are shown; the command line and the store have the others. */
export const NOTIFICATIONS_SHOWN = 200;
/** Newest jobs that are shown. */
export const JOBS_SHOWN = 50;

/** Takes note of what the gateway tells. */
export function applyEvent(model: Model, event: LiveEvent, nowMs: number): void {
  switch (event.type) {
    case 'notification':
      return addNotification(model, event.notification);
    case 'notifications_missed':
      model.notificationsMissed = true;
      return;
    case 'instances':
      return setInstances(model, event.instances, nowMs);
    case 'instance':
      return setInstances(model, [...listedOf(model).values(), event.instance], nowMs);
    case 'instance_gone':
      return setInstances(
        model,
        [...listedOf(model).values()].filter(({ id }) => id !== event.id),
        nowMs,
      );
    case 'jobs':
      for (const job of event.jobs) setJob(model, job);
      return;
    case 'job':
      return setJob(model, event.job);
    case 'away':
      model.away.set(event.place, { message: event.message, since: event.since });
      return;
    case 'back':
      model.away.delete(event.place);
  }
}

function addNotification(model: Model, notification: Model['notifications'][number]): void {
  if (model.notifications.some(({ id }) => id === notification.id)) return;
  model.notifications = [notification, ...model.notifications]
    .sort((left, right) => right.sequence - left.sequence)
    .slice(0, NOTIFICATIONS_SHOWN);
}

function listedOf(model: Model): ReadonlyMap<string, Listed> {
  return model.instances.value ?? new Map<string, Listed>();
}

/** The index says less than a workflow says of itself: what is known beyond it stays until it is read anew. */
function setInstances(model: Model, list: readonly Listed[], nowMs: number): void {
  const known = listedOf(model);
  const merged = list.map((instance): [string, Listed] => [
    instance.id,
    { ...sameRun(known.get(instance.id), instance), ...instance },
  ]);
  model.instances = { ...model.instances, value: byId(merged), atMs: model.instances.atMs ?? nowMs };
}

/** Details of an execution that is over say nothing of the next one. */
function sameRun(known: Listed | undefined, now: Listed): Partial<Listed> {
  return known?.runId === now.runId ? known : {};
}

function byId(entries: readonly [string, Listed][]): ReadonlyMap<string, Listed> {
  return new Map([...entries].sort(([left], [right]) => left.localeCompare(right)));
}

/** Takes what was read of all instances. */
export function applyInstances(model: Model, list: readonly Listed[], nowMs: number): void {
  const value = byId(list.map((instance) => [instance.id, instance]));
  model.instances = { value, atMs: nowMs, problem: null };
}

/** Its own stream is ahead of what is told of a job here: the one that knows more events is kept. */
export function setJob(model: Model, view: JobView): void {
  const known = model.jobs.get(view.id);
  if (known !== undefined && known.view.lastOffset > view.lastOffset) return;
  model.jobs.set(view.id, { text: '', lastLog: '', problem: null, ...known, view });
  const oldest = newestJobs(model).slice(JOBS_SHOWN);
  for (const { view } of oldest) model.jobs.delete(view.id);
}

/** Jobs, the newest first. */
export function newestJobs(model: Model): ShownJob[] {
  return [...model.jobs.values()].sort((left, right) =>
    right.view.createdAt.localeCompare(left.view.createdAt),
  );
}
