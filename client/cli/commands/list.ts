import { Option } from '@commander-js/extra-typings';
import { STATES } from '../../../core/states.js';
import { INSTANCE_KINDS } from '../../library/instance-kinds.js';
import type { InstanceSummary } from '../../library/list-instances.js';
import type { InstanceView } from '../../library/read-instance.js';
import { readingCommand, withHoldfast } from '../context.js';
import { printJson, printLines, stdoutView } from '../output.js';
import { renderInstances } from '../view/instance-table.js';

export function listCommand() {
  return readingCommand('list')
    .alias('ls')
    .description('table of instances')
    .addOption(new Option('--kind <kind>', 'only this kind').choices(INSTANCE_KINDS))
    .addOption(new Option('--state <state>', 'only this state').choices(STATES))
    .option('--quick', 'only what the index knows: no details, one request for any number of instances')
    .action(async (options) => {
      const { kind, state, quick, json } = options;
      const filter = { ...(kind === undefined ? {} : { kind }), ...(state === undefined ? {} : { state }) };
      await withHoldfast(options, async ({ holdfast }) => {
        const instances = quick === true ? await holdfast.list(filter) : await holdfast.listDetailed(filter);
        if (json === true) return printJson(instances);
        if (instances.length === 0) return printLines([nothingFound(kind, state)]);
        printLines(renderInstances(instances.map(withoutDetails), stdoutView()));
      });
    });
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
