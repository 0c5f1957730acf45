import type { GapLine } from '../../core/manifest/index.js';
import type { WhyFeedWasAway } from './branch.js';

/** Gaps that the recording itself cannot explain: it waited, or was told to end because there was nothing to record. */
const CAUSES_OF_WAITING: ReadonlySet<string> = new Set(['stream_timeout', 'stopped']);

/** Names the real reason of gaps in which the feed of the recording was away, where the host knows it. */
export async function explainByFeed(
  whyFeedWasAway: WhyFeedWasAway | null,
  gaps: readonly GapLine[],
): Promise<GapLine[]> {
  return Promise.all(
    gaps.map(async (gap) => {
      if (whyFeedWasAway === null || !CAUSES_OF_WAITING.has(gap.cause)) return gap;
      const absence = await whyFeedWasAway(Date.parse(gap.from), Date.parse(gap.to));
      if (absence === null) return gap;
      return { ...gap, cause: absence.cause, evidence: `${absence.detail}; ${gap.evidence}` };
    }),
  );
}
