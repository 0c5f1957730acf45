import { z } from 'zod';
import { pattern, shortName } from '../../core/config/common.js';
import { SINCE_ALLOWED } from '../recordings/index.js';
import { INSTANCE_KINDS } from '../library/instance-kinds.js';

const NAME = '[A-Za-z0-9][A-Za-z0-9._-]{0,127}';

/** An instance in a path. */
export const instanceParams = z.strictObject({
  id: pattern(
    new RegExp(`^(?:(?:${INSTANCE_KINDS.join('|')})/)?${NAME}$`),
    `kind/name, the kind one of ${INSTANCE_KINDS.join(', ')}, or a bare name`,
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
