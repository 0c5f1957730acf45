import { Option } from '@commander-js/extra-typings';
import { JOB_STATES } from '../../../core/jobs/events.js';
import { STATES, type State } from '../../../core/states.js';
import { INSTANCE_KINDS } from '../../library/instance-kinds.js';
import type { InstanceSummary } from '../../library/list-instances.js';
import type { InstanceView } from '../../library/read-instance.js';
import { readingCommand, withHoldfast, type ServerOptions } from '../context.js';
import { printJson, printLines, stdoutView } from '../output.js';
import { renderInstances } from '../view/instance-table.js';

export function listCommand() {
  return readingCommand('list')
    .alias('ls')
    .description('table of instances')
    .addOption(new Option('--kind <kind>', 'only this kind').choices([...INSTANCE_KINDS, 'job']))
    .addOption(
      new Option('--state <state>', 'only this state').choices([...new Set([...STATES, ...JOB_STATES])]),
    )
    .option('--quick', 'only what the index knows: no details, one request for any number of instances')
    .action(async (options) => {
      const { kind, state, quick, json } = options;
      if (kind === 'job') return await listJobs(options, state, json === true);
      const filter = {
        ...(kind === undefined ? {} : { kind }),
        ...(state === undefined ? {} : { state: state as State }),
      };
      await withHoldfast(options, async ({ holdfast }) => {
        const instances = quick === true ? await holdfast.list(filter) : await holdfast.listDetailed(filter);
        if (json === true) return printJson(instances);
        if (instances.length === 0) return printLines([nothingFound(kind, state)]);
        printLines(renderInstances(instances.map(withoutDetails), stdoutView()));
      });
    });
}

/** Jobs have a table and states of their own. */
async function listJobs(options: ServerOptions, state: string | undefined, json: boolean): Promise<void> {
  const [{ withJobs }, { printJobs }] = await Promise.all([
    import('../jobs/with-jobs.js'),
    import('./job.js'),
  ]);
  await withJobs(options, ({ jobs }) => printJobs(jobs, { state, json }));
}

/** A row of the index as the table wants it; rows with details stay as they are. */
function withoutDetails(row: InstanceSummary | InstanceView): InstanceView {
  return { status: null, statusProblem: null, branches: [], failure: null, ...row };
}

function nothingFound(kind: string | undefined, state: string | undefined): string {
  if (kind === undefined && state === undefined)
    return 'no instances yet: start some with `holdfast apply -c FILE`';
  return `no instances${kind === undefined ? '' : ` of kind ${kind}`}${state === undefined ? '' : ` in state ${state}`}`;
}
