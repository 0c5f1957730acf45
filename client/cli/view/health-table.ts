import type { SourceHealth, SourceState, SuccessRate } from '../../../core/source-health/index.js';
import type { HealthReport } from '../../health/read-health.js';
import type { Colours } from './colours.js';
import { renderTable, type Column } from './table.js';
import { clockTime, humanDuration, humanSince } from './words.js';

interface HealthView {
  readonly width: number;
  readonly nowMs: number;
  readonly colours: Colours;
}

/** The health report as `holdfast health` prints it: a line about all, then one row a source. */
export function renderHealth(report: HealthReport, view: HealthView): string[] {
  if (report.sources.length === 0) return ['no sources yet: list some under `sources` and apply the file'];
  const { colours, nowMs } = view;
  const counts = Object.entries(report.states).map(([state, count]) => `${count} ${state}`);
  return [
    `${report.sources.length} ${report.sources.length === 1 ? 'source' : 'sources'}: ${counts.join(', ')}`,
    ...(report.offlineSince === null
      ? []
      : [
          colours.red(`offline ourselves for ${humanSince(report.offlineSince, nowMs)}: no source is blamed`),
        ]),
    '',
    ...renderTable(report.sources, columns(view), view.width, colours),
  ];
}

function columns({ colours, nowMs }: HealthView): Column<SourceHealth>[] {
  const right = { align: 'right' } as const;
  const rate = (title: string, of: (row: SourceHealth) => SuccessRate, dropOrder: number) => ({
    title,
    value: (row: SourceHealth) => percent(of(row)),
    ...right,
    dropOrder,
  });
  return [
    { title: 'SOURCE', value: (row) => row.source, paint: (_row, text) => colours.bold(text) },
    { title: 'STATE', value: (row) => row.state, paint: (row, text) => paint(colours, row.state, text) },
    rate('OK 1H', (row) => row.successRate.hour, 6),
    rate('OK 24H', (row) => row.successRate.day, 2),
    rate('OK 30D', (row) => row.successRate.month, 7),
    { title: 'P50', value: (row) => latency(row.latencyMs?.p50), ...right, dropOrder: 9 },
    { title: 'P95', value: (row) => latency(row.latencyMs?.p95), ...right, dropOrder: 5 },
    { title: 'LAST GOOD', value: (row) => ago(row.lastGoodAt, nowMs), ...right, dropOrder: 1 },
    { title: 'NEXT', value: (row) => nextOf(row, nowMs), dropOrder: 3 },
    {
      title: 'ITEMS/DAY',
      value: (row) => (row.itemsPerDay === null ? '' : row.itemsPerDay.toFixed(row.itemsPerDay < 10 ? 1 : 0)),
      ...right,
      dropOrder: 8,
    },
    {
      title: 'ERRORS OF 24 H, REMARKS',
      value: errorsOrRemark,
      flexible: true,
      paint: (_row, text) => colours.dim(text),
    },
  ];
}

function percent({ rate }: SuccessRate): string {
  return rate === null ? '' : `${Math.floor(rate * 100)} %`;
}

function latency(ms: number | undefined): string {
  return ms === undefined ? '' : humanDuration(ms);
}

function ago(iso: string | null, nowMs: number): string {
  return iso === null ? 'never' : `${humanSince(iso, nowMs)} ago`;
}

function nextOf({ nextAttemptAt }: SourceHealth, nowMs: number): string {
  return nextAttemptAt === null ? '' : clockTime(nextAttemptAt, nowMs);
}

/** Without errors there is room for what is worth saying all the same. */
function errorsOrRemark(row: SourceHealth): string {
  return row.errors.length > 0 ? errorsOf(row) : (row.remark ?? '');
}

/** Every cause with how often, and what the most frequent said last. */
function errorsOf({ errors }: SourceHealth): string {
  const causes = errors.map(({ cause, cycles }) => `${cause} ${cycles}x`).join(', ');
  const detail = errors[0]?.lastDetail ?? '';
  return detail === '' ? causes : `${causes}: ${detail}`;
}

function paint(colours: Colours, state: SourceState, text: string): string {
  switch (state) {
    case 'up':
      return colours.green(text);
    case 'pending':
    case 'deferred':
      return colours.yellow(text);
    case 'down':
    case 'open':
      return colours.red(text);
    case 'paused':
      return colours.cyan(text);
    case 'stopped':
      return colours.dim(text);
  }
}
