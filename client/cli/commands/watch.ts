import { readingCommand, withHoldfast } from '../context.js';
import { canRedraw, follow } from '../follow.js';
import { untilInterrupted } from '../interrupts.js';

export function watchCommand() {
  return readingCommand('watch')
    .description(
      'live view: a table in a terminal, otherwise a line for each change; --json prints a document a second',
    )
    .argument('[id]', 'kind/name, or the name where it is unique')
    .action(async (reference, options) => {
      await withHoldfast(options, async ({ holdfast }) => {
        const id = reference === undefined ? undefined : (await holdfast.show(reference)).id;
        const only = id === undefined ? {} : { id };
        await untilInterrupted(async (signal) => {
          if (options.json !== true) {
            return follow(holdfast, {
              ...only,
              header: [],
              signal,
              live: canRedraw(process.stdout, process.env),
            });
          }
          for await (const snapshot of holdfast.watch({ ...only, signal })) {
            process.stdout.write(`${JSON.stringify(snapshot)}\n`);
          }
        });
      });
    });
}
