import { join } from 'node:path';
import { readingCommand, withHoldfast } from '../context.js';
import { printJson, printLines, stdoutView } from '../output.js';
import { renderDetails } from '../view/instance-details.js';

export function showCommand() {
  return readingCommand('show')
    .description('one instance with its branches, last incidents and progress')
    .argument('<id>', 'kind/name, or the name where it is unique')
    .action(async (id, options) => {
      await withHoldfast(options, async ({ holdfast, dataDir }) => {
        const instance = await holdfast.show(id);
        const recordings = join(dataDir, 'recordings', instance.id);
        if (options.json !== true)
          return printLines(renderDetails(instance, { ...stdoutView(), recordings }));
        const { status, ...rest } = instance;
        // One flat document: what the workflow says of itself, with live figures in its branches.
        printJson({ ...status, ...rest, recordings });
      });
    });
}
