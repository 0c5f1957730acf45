import { Argument, Command, Option } from '@commander-js/extra-typings';
import { JOB_STATES, type JobState } from '../../../core/jobs/events.js';
import { JOB_KINDS, type JobKind } from '../../../core/jobs/job-kind.js';
import { readingCommand, serverCommand } from '../context.js';
import { EXIT } from '../errors.js';
import { followOnScreen } from '../jobs/watch-job.js';
import { saveArtifacts } from '../jobs/save-artifacts.js';
import { withJobs, type JobsContext } from '../jobs/with-jobs.js';
import { printJson, printLines, stdoutView } from '../output.js';
import { humanBytes } from '../view/words.js';
import { renderArtifacts, renderJob, renderJobs } from '../view/job-table.js';

export function jobCommand() {
  return new Command('job')
    .description('content jobs: digests, finished recordings, clips')
    .addCommand(runCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(artifactsCommand())
    .addCommand(cancelCommand());
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function runCommand() {
  return readingCommand('run')
    .description('start a job')
    .addArgument(new Argument('<kind>', 'what to make').choices(JOB_KINDS))
    .option('--set <key=value>', 'a parameter, e.g. recording=stream/alice; again for each', collect, [])
    .option('--key <key>', 'the same kind and key are the same job, however often it is asked for')
    .option('--host <name>', 'the host that works on it (default: where the recording is made)')
    .option('--follow', 'show its progress until it ends; status 1 unless it completes')
    .action(async (kind, options) => {
      const { key, host, json } = options;
      const { parseParams } = await import('../jobs/parse-params.js');
      const params = parseParams(kind, options.set);
      await withJobs(options, async (context) => {
        const started = await context.jobs.start({ kind, params, key, host });
        if (options.follow !== true) {
          if (json === true) return printJson(started);
          return printLines([started.created ? started.id : `${started.id} (known by its key)`]);
        }
        const job = await followOnScreen(context, started.id);
        if (json === true) printJson({ ...job, created: started.created });
        else printLines(renderJob(job, stdoutView()));
        if (job.status !== 'completed') process.exitCode = EXIT.failed;
      });
    });
}

function listCommand() {
  return readingCommand('list')
    .alias('ls')
    .description('table of jobs, the newest first')
    .addOption(new Option('--kind <kind>', 'only this kind').choices(JOB_KINDS))
    .addOption(new Option('--state <state>', 'only this state').choices(JOB_STATES))
    .action(async ({ kind, state, json, ...options }) => {
      await withJobs(options, ({ jobs }) => printJobs(jobs, { kind, state, json }));
    });
}

/** Prints a list of jobs; also for `holdfast list --kind job`. */
export async function printJobs(
  jobs: JobsContext['jobs'],
  {
    kind,
    state,
    json,
  }: { kind?: string | undefined; state?: string | undefined; json?: boolean | undefined },
): Promise<void> {
  const listed = await jobs.list({
    ...(kind === undefined ? {} : { kind: kind as JobKind }),
    ...(state === undefined ? {} : { status: state as JobState }),
  });
  if (json === true) return printJson(listed);
  if (listed.length === 0) return printLines(['no jobs: start one with `holdfast job run KIND`']);
  printLines(renderJobs(listed, stdoutView()));
}

const ID = ['<id>', 'job/name, or the name'] as const;

function showCommand() {
  return readingCommand('show')
    .description('one job with its progress, artifacts and parameters')
    .argument(...ID)
    .action(async (id, { json, ...options }) => {
      await withJobs(options, ({ jobs }) => printJob(jobs, id, json === true));
    });
}

/** Prints one job; also for `holdfast show job/NAME`. */
export async function printJob(jobs: JobsContext['jobs'], id: string, json: boolean): Promise<void> {
  const { view } = await jobs.show(id);
  if (json) printJson(view);
  else printLines(renderJob(view, stdoutView()));
}

function artifactsCommand() {
  return readingCommand('artifacts')
    .description('what a job has made')
    .argument(...ID)
    .option('--save <folder>', 'copy it into a folder')
    .action(async (id, { json, save, ...options }) => {
      await withJobs(options, async (context) => {
        const { view } = await context.jobs.show(id);
        if (save !== undefined) {
          const saved = await saveArtifacts(view, save, context);
          if (json === true) return printJson(saved);
          return printLines(saved.map(({ file, bytes }) => `${file}: ${humanBytes(bytes)}`));
        }
        if (json === true) return printJson(view.artifacts);
        if (view.artifacts.length === 0) return printLines([`${view.id} has made nothing yet`]);
        printLines(renderArtifacts(view.artifacts, stdoutView()));
      });
    });
}

function cancelCommand() {
  return serverCommand('cancel')
    .description('end a job and remove what it has half made')
    .argument(...ID)
    .action(async (id, options) => {
      await withJobs(options, async ({ jobs }) => {
        const wasOpen = await jobs.cancel(id);
        printLines([wasOpen ? 'asked to end' : 'it was over already']);
      });
    });
}
