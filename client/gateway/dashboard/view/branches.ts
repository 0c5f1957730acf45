import { humanBitrate, humanBytes, humanSince } from '../../../cli/view/words.js';
import type { BranchView } from '../../../library/read-instance.js';
import { h, type Child, type Element_ } from '../dom/node.js';
import type { Listed } from '../state/model.js';
import { stateBadge } from './parts.js';

/** The branches of an instance, each with what it delivers now. */
export function branchList({ branches = [] }: Listed, nowMs: number): Child[] {
  if (branches.length === 0) return [];
  return [
    h(
      'ul',
      { class: 'branches', key: 'branches', 'aria-label': 'Branches' },
      branches.map((branch) => one(branch, nowMs)),
    ),
  ];
}

function one(branch: BranchView, nowMs: number): Element_ {
  const figures = figuresOf(branch, nowMs);
  return h(
    'li',
    { key: branch.name },
    h('strong', {}, branch.name),
    ' ',
    stateBadge(branch.state),
    h('span', { class: 'figures' }, figures.join(' · ')),
    branch.state === 'running' ? null : h('span', { class: 'detail' }, branch.detail),
  );
}

/** Run, how long, pictures a second, bit rate, written so far. */
export function figuresOf({ run, startedAt, since, live }: BranchView, nowMs: number): string[] {
  const progress = live?.progress ?? null;
  const figures =
    progress === null
      ? []
      : [
          progress.fps > 0 ? `${progress.fps.toFixed(1)} fps` : '',
          progress.bitrateKbps > 0 ? humanBitrate(progress.bitrateKbps) : '',
          progress.bytes > 0 ? humanBytes(progress.bytes) : '',
        ];
  return [run === 0 ? '' : `run ${run}`, `for ${humanSince(startedAt ?? since, nowMs)}`, ...figures].filter(
    (text) => text !== '',
  );
}
