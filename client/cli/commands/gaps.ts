import { resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { parseDurationMs } from '../../../core/config/duration.js';
import type { Interval } from '../../../core/manifest/index.js';
import type { BranchCoverage, InstanceCoverage, TogetherCoverage } from '../../recordings/index.js';
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
      const sinceMs = options.since === undefined ? undefined : parseSince(options.since, Date.now());
      const dataDir =
        options.dataDir === undefined
          ? (await readClientSettings(options.config)).dataDir
          : resolve(options.dataDir);
      const { readInstanceCoverage, togetherOf } = await import('../../recordings/index.js');
      const instance = await readInstanceCoverage(dataDir, id, sinceMs === undefined ? {} : { sinceMs });
      const together = togetherOf(instance.branches);
      if (options.json === true) printJson(asDocument(instance, together));
      else printLines(asReport(instance, together));
    });
}

/**
 * Reads `--since`: an instant, or a duration before now.
 * @throws {UsageError}
 */
export function parseSince(text: string, nowMs: number): number {
  const durationMs = parseDurationMs(/^\d+(\.\d+)?$/.test(text) ? Number(text) : text);
  if (durationMs !== undefined) return nowMs - durationMs;
  const instantMs = /^\d{4}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(instantMs)) return instantMs;
  throw new UsageError(
    `--since ${text}: expected an ISO time like 2026-01-31T12:00:00Z, or a duration like 90s, 30m, 2h, 7d`,
  );
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

function asDocument(instance: InstanceCoverage, together: TogetherCoverage | null): object {
  return {
    id: instance.id,
    branches: instance.branches.map(branchDocument),
    together: together === null ? null : togetherDocument(together),
  };
}

function togetherDocument({ fromMs, toMs, ...totals }: TogetherCoverage): object {
  return { from: iso(fromMs), to: iso(toMs), ...totals };
}

/** Instants as ISO 8601, as in the manifest. */
function branchDocument({ branch, folder, coverage, open, faults }: BranchCoverage): object {
  const openSegment =
    open === null
      ? null
      : { file: open.file, bytes: open.bytes, since: iso(open.sinceMs), written: iso(open.writtenMs) };
  if (coverage === null) return { branch, folder, from: null, to: null, gaps: [], open: openSegment, faults };
  const { fromMs, toMs, recorded, removed, gaps, ...totals } = coverage;
  return {
    branch,
    folder,
    from: iso(fromMs),
    to: iso(toMs),
    ...totals,
    recorded: recorded.map(isoSpan),
    removed: removed.map(isoSpan),
    gaps: gaps.map((gap) => ({
      from: iso(gap.fromMs),
      to: iso(gap.toMs),
      durationMs: gap.toMs - gap.fromMs,
      cause: gap.cause,
      evidence: gap.evidence,
    })),
    open: openSegment,
    faults,
  };
}

function isoSpan({ fromMs, toMs }: Interval): object {
  return { from: iso(fromMs), to: iso(toMs) };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
