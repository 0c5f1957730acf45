import type { JobView } from '../../../core/jobs/index.js';
import { untilInterrupted } from '../interrupts.js';
import { printLines, stdoutView } from '../output.js';
import { renderJob } from '../view/job-table.js';
import { followToTheEnd } from './follow.js';
import { ProgressPrinter } from './show-progress.js';
import type { JobsContext } from './with-jobs.js';

/** Shows how a job gets on until its end. Interrupted, the job goes on: only the looking on ends. */
export async function followOnScreen(context: JobsContext, id: string): Promise<JobView> {
  const printer = new ProgressPrinter();
  await untilInterrupted(async (signal) => {
    try {
      for await (const event of followToTheEnd(context, id, signal)) printer.print(event);
    } finally {
      printer.close();
    }
  });
  return (await context.jobs.show(id)).view;
}

/** `holdfast watch` of a job: the same and what it has come to, or one JSON document for each event. */
export async function watchJob(context: JobsContext, id: string, json: boolean): Promise<void> {
  if (!json) return printLines(renderJob(await followOnScreen(context, id), stdoutView()));
  await untilInterrupted(async (signal) => {
    for await (const event of followToTheEnd(context, id, signal)) {
      process.stdout.write(`${JSON.stringify(event)}\n`);
    }
  });
}
