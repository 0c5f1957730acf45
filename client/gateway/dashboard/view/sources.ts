import { humanDuration } from '../../../cli/view/words.js';
import type { SourceHealth } from '../../../../core/source-health/index.js';
import { h, type Child, type Element_ } from '../dom/node.js';
import type { Model } from '../state/model.js';
import type { ViewContext } from './handlers.js';
import { ago, empty, panel, readingNote, stateBadge, table } from './parts.js';

/** The health report is read this often; older than three times that is said. */
export const HEALTH_EVERY_MS = 5_000;

const TITLES = [
  'Source',
  'State',
  'Breaker',
  'Success 24 h',
  'p95',
  'Last good',
  'Next attempt',
  'Top error',
];

export function sourcesPanel({ health }: Model, { nowMs }: ViewContext): Element_ {
  const sources = health.value?.sources ?? [];
  const problem = health.value?.sourcesProblem ?? null;
  const offline = health.value?.offlineSince ?? null;
  const rows = sources.map((source) => ({
    key: source.source,
    cells: cellsOf(source as SourceHealth, nowMs),
  }));
  return panel(
    'sources',
    'Source health',
    readingNote(health, 3 * HEALTH_EVERY_MS, nowMs),
    problem === null ? [] : [h('p', { class: 'problem' }, `The sources cannot be told: ${problem}`)],
    offline === null
      ? []
      : [h('p', { class: 'problem' }, 'This machine itself is offline since ', ago(offline, nowMs))],
    rows.length > 0
      ? table('Source health', TITLES, rows)
      : empty(health.value === null ? 'Reading the sources...' : 'There are no sources.'),
  );
}

function cellsOf(health: SourceHealth, nowMs: number): (Child | Child[])[] {
  const { source, state, breaker, successRate, latencyMs, lastGoodAt, nextAttemptAt } = health;
  const { rate, cycles } = successRate.day;
  return [
    h('strong', {}, source),
    stateBadge(state),
    breakerWords(breaker, nowMs),
    rate === null ? '-' : `${(rate * 100).toFixed(1)} % of ${cycles}`,
    latencyMs === null ? '-' : `${Math.round(latencyMs.p95)} ms`,
    lastGoodAt === null ? 'never' : ago(lastGoodAt, nowMs),
    nextWords(nextAttemptAt, nowMs),
    topError(health, nowMs),
  ];
}

/** What the breaker does; a closed one with failures is on its way to open. */
export function breakerWords(breaker: SourceHealth['breaker'], nowMs: number): string {
  if (breaker === null) return '-';
  if (breaker.state === 'closed')
    return breaker.failures === 0 ? 'closed' : `closed, ${breaker.failures} failed`;
  if (breaker.state === 'half_open') return 'half open, one probe';
  return `open for another ${humanDuration(Math.max(0, breaker.openUntilMs - nowMs))}`;
}

function nextWords(nextAttemptAt: string | null, nowMs: number): string {
  if (nextAttemptAt === null) return 'none planned';
  const inMs = Date.parse(nextAttemptAt) - nowMs;
  return inMs <= 0 ? 'now' : `in ${humanDuration(inMs)}`;
}

function topError({ errors }: SourceHealth, nowMs: number): Child[] {
  const [top] = errors;
  if (top === undefined) return ['none'];
  const detail = top.lastDetail === null ? '' : `: ${top.lastDetail}`;
  return [`${top.cause} (${top.cycles})${detail}, `, ago(top.lastAt, nowMs)];
}
