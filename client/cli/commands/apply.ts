import { HoldfastError } from '../../library/errors.js';
import { readingCommand, withHoldfast } from '../context.js';
import { loadDesired } from '../load-desired.js';
import { printJson, printLines, stdoutView } from '../output.js';
import { requireConfigFile } from '../settings.js';
import { renderChanges } from '../view/changes-table.js';

export function applyCommand() {
  return readingCommand('apply')
    .description('make the running workflows match the file: start what is new, reconfigure what has changed')
    .option('--prune', 'also stop what is running but not in the file')
    .option('--dry-run', 'say what would be done and do nothing')
    .action(async (options) => {
      const { desired, normalise } = await loadDesired(requireConfigFile(options.config));
      const dryRun = options.dryRun === true;
      const changes = await withHoldfast(options, ({ holdfast }) =>
        holdfast.apply(desired, {
          prune: options.prune === true,
          dryRun,
          normalise,
        }),
      );
      if (options.json === true) printJson(changes);
      else if (changes.length === 0) printLines(['the file lists no instances and none are running']);
      else printLines(renderChanges(changes, { ...stdoutView(), dryRun }));
      const failed = changes.filter((change) => change.error !== null).length;
      if (failed > 0)
        throw new HoldfastError('rejected', `${failed} of ${changes.length} could not be applied`);
    });
}
