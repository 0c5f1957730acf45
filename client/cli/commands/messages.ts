import type { Sent } from '../../library/messages.js';
import { readingCommand, withHoldfast } from '../context.js';
import { coloursFor, paintState } from '../view/colours.js';
import { plainText } from '../view/text-width.js';
import { printJson, printLines } from '../output.js';

const ID_ARGUMENT = ['<id>', 'kind/name, or the name where it is unique'] as const;

export function pauseCommand() {
  return readingCommand('pause')
    .description('end the run and wait for resume')
    .argument(...ID_ARGUMENT)
    .action((id, options) =>
      withHoldfast(options, async ({ holdfast }) => printSent(await holdfast.pause(id), options.json)),
    );
}

export function resumeCommand() {
  return readingCommand('resume')
    .description('go on after a pause, or when a signal is back and restart_on_signal is false')
    .argument(...ID_ARGUMENT)
    .action((id, options) =>
      withHoldfast(options, async ({ holdfast }) => printSent(await holdfast.resume(id), options.json)),
    );
}

export function retryCommand() {
  return readingCommand('retry')
    .description(
      'try again at once; one that has failed or stopped is started again with its last config, a job with its parameters',
    )
    .argument(...ID_ARGUMENT)
    .argument('[branch]', 'only this branch of it, e.g. an output of a capture')
    .action((id, branch, options) =>
      withHoldfast(options, async (context) => {
        const { findMeant } = await import('../jobs/meant-job.js');
        const meant = await findMeant(context, options, id);
        if (!meant.isJob) return printSent(await context.holdfast.retry(meant.id, branch), options.json);
        const { withStore } = await import('../jobs/with-jobs.js');
        await withStore(context, options, async ({ holdfast }) =>
          printSent(await holdfast.retry(meant.id, branch), options.json),
        );
      }),
    );
}

/** Says what became of a message. */
export function printSent(sent: Sent, json: boolean | undefined): void {
  if (json === true) return printJson(sent);
  if (sent.state === null) {
    return printLines([`${sent.id}: sent; no worker answers now, it takes effect when one is back`]);
  }
  const colours = coloursFor(process.stdout, process.env);
  const detail = plainText(sent.detail);
  const more = detail === '' || detail === sent.state ? '' : ` (${detail})`;
  printLines([`${sent.id}: ${paintState(colours, sent.state, sent.state)}${more}`]);
}
