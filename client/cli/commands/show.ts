import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { instanceDocument, recordingPlace } from '../../recordings/index.js';
import { readingCommand, withHoldfast, type CommandContext, type ServerOptions } from '../context.js';
import { printJson, printLines, stdoutView } from '../output.js';
import { renderDetails } from '../view/instance-details.js';
import { humanBytes, humanSince } from '../view/words.js';

export function showCommand() {
  return readingCommand('show')
    .description('one instance with its branches, last incidents and progress')
    .argument('<id>', 'kind/name, or the name where it is unique')
    .option(
      '--preview <file>',
      'write a picture (JPEG) of a running capture or stream to a file instead; - is stdout',
    )
    .action(async (id, options) => {
      const json = options.json === true;
      await withHoldfast(options, async (context) => {
        if (options.preview !== undefined) return await showPreview(context, id, options.preview, json);
        const { findMeant } = await import('../jobs/meant-job.js');
        const meant = await findMeant(context, options, id);
        if (meant.isJob) await showJob(context, options, meant.id, json);
        else await showDetails(context, meant.id, json);
      });
    });
}

async function showJob(
  context: CommandContext,
  options: ServerOptions,
  id: string,
  json: boolean,
): Promise<void> {
  const [{ withStore }, { printJob }] = await Promise.all([
    import('../jobs/with-jobs.js'),
    import('./job.js'),
  ]);
  await withStore(context, options, ({ jobs }) => printJob(jobs, id, json));
}

async function showDetails({ holdfast, dataDir }: CommandContext, id: string, json: boolean): Promise<void> {
  const instance = await holdfast.show(id);
  const place = await recordingPlace(dataDir, instance.id);
  if (json) return printJson(instanceDocument(instance, place));
  printLines(renderDetails(instance, { ...stdoutView(), ...place }));
}

async function showPreview(
  { client }: CommandContext,
  id: string,
  file: string,
  json: boolean,
): Promise<void> {
  const { takePreview } = await import('../../library/preview.js');
  const { id: instance, jpeg, takenAt } = await takePreview(client, id);
  const facts = `${humanBytes(jpeg.length)}, taken ${takenAt} (${humanSince(takenAt, Date.now())} ago)`;
  if (file === '-') {
    await new Promise((written) => process.stdout.write(jpeg, written));
    process.stderr.write(`${facts}\n`);
    return;
  }
  const path = resolve(file);
  await writePicture(path, jpeg);
  if (json) printJson({ id: instance, file: path, bytes: jpeg.length, takenAt });
  else printLines([`${path}: ${facts}`]);
}

/** Whoever reads the file meanwhile, e.g. a web page, never sees half of a picture. */
async function writePicture(path: string, jpeg: Uint8Array): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const there = await stat(target).catch(() => null);
  // A pipe or device must not be replaced by a file.
  if (there !== null && !there.isFile()) return writeFile(target, jpeg);
  const draft = `${target}.${process.pid}.part`;
  try {
    await writeFile(draft, jpeg);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw new Error(`cannot write the picture: ${(error as Error).message}`, { cause: error });
  }
}
