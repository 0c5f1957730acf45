import type { JobKind } from './entry.js';

const PREFIX = 'job/';

/** Workflow id of a job. */
export function jobIdOf(name: string): string {
  return `${PREFIX}${name}`;
}

/** Name of a job, which is also that of its folder. */
export function jobNameOf(id: string): string {
  return id.startsWith(PREFIX) ? id.slice(PREFIX.length) : id;
}

/** The name that a kind and key always get: asked for twice, it is the same job. */
export function keyedName(kind: JobKind, key: string): string {
  return `${kind}-${key}`;
}
