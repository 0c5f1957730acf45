import { readingCommand, withHoldfast, type CommandContext, type ServerOptions } from '../context.js';
import { canRedraw, follow } from '../follow.js';
import { untilInterrupted } from '../interrupts.js';
import type { Meant } from '../jobs/meant-job.js';

export function watchCommand() {
  return readingCommand('watch')
    .description(
      'live view: a table in a terminal, otherwise a line for each change; --json prints a document a second; a job is followed to its end',
    )
    .argument('[id]', 'kind/name, or the name where it is unique')
    .action(async (reference, options) => {
      await withHoldfast(options, async (context) => {
        const { holdfast } = context;
        const meant = reference === undefined ? undefined : await find(context, options, reference);
        if (meant?.isJob === true) return await followJob(context, options, meant.id);
        const only = meant === undefined ? {} : { id: meant.id };
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

async function find(context: CommandContext, options: ServerOptions, reference: string): Promise<Meant> {
  const { findMeant } = await import('../jobs/meant-job.js');
  return await findMeant(context, options, reference);
}

async function followJob(
  context: CommandContext,
  options: ServerOptions & { readonly json?: boolean | undefined },
  id: string,
): Promise<void> {
  const [{ withStore }, { watchJob }] = await Promise.all([
    import('../jobs/with-jobs.js'),
    import('../jobs/watch-job.js'),
  ]);
  await withStore(context, options, (jobs) => watchJob(jobs, id, options.json === true));
}
