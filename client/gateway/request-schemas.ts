import { z } from 'zod';
import { pattern, shortName } from '../../core/config/common.js';
import { SINCE_ALLOWED } from '../recordings/index.js';
import { INSTANCE_KINDS, JOB_KIND } from '../library/instance-kinds.js';

/** What an instance can be told, a job can be told as well, as far as it has a meaning there. */
export const KINDS_IN_PATHS = [...INSTANCE_KINDS, JOB_KIND];

const NAME = '[A-Za-z0-9][A-Za-z0-9._-]{0,127}';

/** An instance in a path. */
export const instanceParams = z.strictObject({
  id: pattern(
    new RegExp(`^(?:(?:${KINDS_IN_PATHS.join('|')})/)?${NAME}$`),
    `kind/name, the kind one of ${KINDS_IN_PATHS.join(', ')}, or a bare name`,
  ).meta({
    description: '`kind/name` (the slash as it stands or as `%2F`), or the bare name where it is unique.',
    examples: ['stream/alice'],
  }),
});

/** An output of a capture in a path. */
export const outputParams = instanceParams.extend({ name: shortName.describe('Name of the output.') });

/** True or false in a query. */
export const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');

/** A beginning in a query: an instant, or a duration before now. */
export const since = pattern(/^[0-9].{0,39}$/, SINCE_ALLOWED).describe(`${SINCE_ALLOWED} before now.`);
