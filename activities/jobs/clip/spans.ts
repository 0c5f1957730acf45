import { coverageOf, type Interval, type Manifest } from '../../../core/manifest/index.js';
import { StepFailure } from '../step-failure.js';
import { inWords } from '../media/wall-clock.js';

/** A message names the spans nearest to what was asked for. */
const SPANS_SHOWN_MAX = 8;

/** Nothing of the time asked for is there: says what is. */
export function notRecorded(
  where: string,
  manifest: Manifest,
  asked: { readonly fromMs: number; readonly toMs: number },
): StepFailure {
  const recorded = coverageOf(manifest)?.recorded ?? [];
  const words = `${where} has nothing between ${inWords(asked.fromMs)} and ${inWords(asked.toMs)}`;
  return new StepFailure('not_recorded', `${words}; ${spansInWords(recorded, asked.fromMs)}`, false);
}

function spansInWords(recorded: readonly Interval[], askedMs: number): string {
  if (recorded.length === 0) return 'no segment is complete yet';
  const distance = ({ fromMs, toMs }: Interval) => Math.max(fromMs - askedMs, askedMs - toMs, 0);
  const nearest = recorded
    .toSorted((left, right) => distance(left) - distance(right))
    .slice(0, SPANS_SHOWN_MAX)
    .sort((left, right) => left.fromMs - right.fromMs);
  const rest = recorded.length - nearest.length;
  const spans = nearest.map(({ fromMs, toMs }) => `${inWords(fromMs)} to ${inWords(toMs)}`);
  return `there is ${spans.join(', ')}${rest > 0 ? ` and ${rest} more spans` : ''}`;
}
