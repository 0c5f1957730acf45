import { resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import type { InstanceCoverage, TogetherCoverage } from '../../recordings/index.js';
import { CONFIG_OPTION } from '../context.js';
import { UsageError } from '../errors.js';
import { printJson, printLines, stdoutView } from '../output.js';
import { readClientSettings } from '../settings.js';
import { renderBranchCoverage, renderTogether } from '../view/coverage-report.js';

/** `holdfast gaps ID`: what of a recording is there, what is missing and why. Reads the disk; needs no server. */
export function gapsCommand() {
  return new Command('gaps')
    .description('recording coverage: a bar over time, gaps with their causes, totals')
    .argument('<id>', 'kind/name, or the name where it is unique')
    .option(...CONFIG_OPTION)
    .option(
      '--data-dir <folder>',
      'where the recordings are (default: data_dir of the configuration, or ./data)',
    )
    .option('--since <time>', 'leave out what was before: an ISO time, or a duration like 2h')
    .option('--json', 'print one JSON document')
    .action(async (id, options) => {
      const range = await sinceOf(options.since);
      const dataDir =
        options.dataDir === undefined
          ? (await readClientSettings(options.config)).dataDir
          : resolve(options.dataDir);
      const { coverageDocument, readInstanceCoverage, togetherOf } =
        await import('../../recordings/index.js');
      const instance = await readInstanceCoverage(dataDir, id, range);
      if (options.json === true) printJson(coverageDocument(instance));
      else printLines(asReport(instance, togetherOf(instance.branches)));
    });
}

/** Reads `--since`. The manifests are loaded only by the command itself: help stays quick. */
async function sinceOf(text: string | undefined): Promise<{ readonly sinceMs?: number }> {
  if (text === undefined) return {};
  const { parseSince, SINCE_ALLOWED } = await import('../../recordings/index.js');
  const sinceMs = parseSince(text, Date.now());
  if (sinceMs === undefined) throw new UsageError(`--since ${text}: expected ${SINCE_ALLOWED}`);
  return { sinceMs };
}

function asReport(instance: InstanceCoverage, together: TogetherCoverage | null): string[] {
  if (instance.branches.length === 0) return [`${instance.id} has not recorded anything yet`];
  const view = stdoutView();
  const lines = instance.branches.flatMap((branch, index) => [
    ...(index === 0 ? [] : ['']),
    ...renderBranchCoverage(instance.id, branch, view),
  ]);
  return together === null ? lines : [...lines, '', ...renderTogether(instance.id, together, view)];
}
