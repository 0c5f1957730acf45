/** Kinds of instances; each is the workflow type of the same name. */
export const INSTANCE_KINDS = ['stream', 'capture', 'source'] as const;

export type InstanceKind = (typeof INSTANCE_KINDS)[number];

/** Jobs have ids of the same form, but lists and commands of their own. */
export const JOB_KIND = 'job';

export { instanceIdOf } from '../../core/instance-id.js';

/** Kind and name of an instance id; the kind is empty when the id is a bare name. */
export function splitInstanceId(id: string): { readonly kind: string; readonly name: string } {
  const slash = id.indexOf('/');
  return slash === -1 ? { kind: '', name: id } : { kind: id.slice(0, slash), name: id.slice(slash + 1) };
}
