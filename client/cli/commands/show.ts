import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { disksUnder, tightestDisk } from '../../recordings/index.js';
import { readingCommand, withHoldfast, type CommandContext } from '../context.js';
import { printJson, printLines, stdoutView } from '../output.js';
import { renderDetails } from '../view/instance-details.js';
import { humanBytes, humanSince } from '../view/words.js';

export function showCommand() {
  return readingCommand('show')
    .description('one instance with its branches, last incidents and progress')
    .argument('<id>', 'kind/name, or the name where it is unique')
    .option('--preview <file>', 'write a picture (JPEG) of a running capture to a file instead; - is stdout')
    .action((id, options) =>
      withHoldfast(options, (context) =>
        options.preview === undefined
          ? showDetails(context, id, options.json === true)
          : showPreview(context, id, options.preview, options.json === true),
      ),
    );
}

async function showDetails({ holdfast, dataDir }: CommandContext, id: string, json: boolean): Promise<void> {
  const instance = await holdfast.show(id);
  const recordings = join(dataDir, 'recordings', instance.id);
  // The recordings of another host are not here, and then nothing is known.
  const disk = tightestDisk(await disksUnder(recordings, 1));
  if (!json) return printLines(renderDetails(instance, { ...stdoutView(), recordings, disk }));
  const { status, ...rest } = instance;
  // One flat document: what the workflow says of itself, with live figures in its branches.
  printJson({ ...status, ...rest, recordings, freeBytes: disk?.freeBytes ?? null });
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
