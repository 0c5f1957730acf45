import type { CoverageDocument } from './model.js';

type Branch = CoverageDocument['branches'][number];
type Gap = Branch['gaps'][number];

/** A stretch of a coverage bar. The bar is 1,000 wide. */
export interface Mark {
  readonly kind: 'recorded' | 'removed' | 'gap';
  readonly x: number;
  readonly width: number;
  readonly gap: Gap | null;
}

export const BAR_WIDTH = 1_000;
/** Even the shortest gap is seen. */
const GAP_WIDTH_MIN = 3;

/** The stretches of a bar; gaps last, so that they are drawn over the others. */
export function marksOf(branch: Branch): Mark[] {
  if (branch.from === null || branch.to === null) return [];
  const fromMs = Date.parse(branch.from);
  const lengthMs = Math.max(1, Date.parse(branch.to) - fromMs);
  const mark = (
    kind: Mark['kind'],
    span: { from: string; to: string },
    widthMin: number,
    gap: Gap | null,
  ) => {
    const start = place((Date.parse(span.from) - fromMs) / lengthMs);
    const end = place((Date.parse(span.to) - fromMs) / lengthMs);
    const width = Math.max(widthMin, end - start);
    return { kind, x: Math.min(start, BAR_WIDTH - width), width, gap };
  };
  return [
    ...(branch.recorded ?? []).map((span) => mark('recorded', span, 0, null)),
    ...(branch.removed ?? []).map((span) => mark('removed', span, 0, null)),
    ...branch.gaps.map((gap) => mark('gap', gap, GAP_WIDTH_MIN, gap)),
  ];
}

function place(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * BAR_WIDTH * 100) / 100;
}
