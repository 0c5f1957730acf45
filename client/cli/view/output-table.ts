import type { BranchView, InstanceView } from '../../library/read-instance.js';
import { paintState, type Colours } from './colours.js';
import { renderTable } from './table.js';
import { humanBitrate } from './words.js';

/** An output of a capture: its branch, and what the configuration in force says of it. */
export interface OutputRow extends BranchView {
  readonly kind: string;
  /** Where a push goes to, as written; null for a recording. */
  readonly url: string | null;
}

/** The outputs of a capture in the order of its branches. */
export function outputRows(instance: InstanceView): OutputRow[] {
  const outputs = outputsOf(instance.status?.config);
  return instance.branches.flatMap((branch) => {
    const output = outputs.find(({ name }) => name === branch.name);
    if (output === undefined) return [];
    const url = typeof output['url'] === 'string' ? output['url'] : null;
    return [{ ...branch, kind: String(output['kind']), url }];
  });
}

export function renderOutputs(
  rows: readonly OutputRow[],
  view: { readonly width: number; readonly colours: Colours },
): string[] {
  const { colours } = view;
  return renderTable(
    rows,
    [
      { title: 'NAME', value: (row) => row.name, paint: (_row, text) => colours.bold(text) },
      { title: 'KIND', value: (row) => row.kind },
      {
        title: 'STATE',
        value: (row) => row.state,
        paint: (row, text) => paintState(colours, row.state, text),
      },
      { title: 'BITRATE', value: bitrateOf, align: 'right', dropOrder: 2 },
      { title: 'TO', value: (row) => row.url ?? '', dropOrder: 1 },
      { title: 'DETAIL', value: (row) => row.detail, flexible: true },
    ],
    view.width,
    colours,
  );
}

function bitrateOf({ live }: OutputRow): string {
  const kbps = live?.progress?.bitrateKbps ?? 0;
  return kbps > 0 ? humanBitrate(kbps) : '';
}

function outputsOf(config: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (typeof config !== 'object' || config === null || !('outputs' in config)) return [];
  return Array.isArray(config.outputs) ? config.outputs.filter(isEntry) : [];
}

function isEntry(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
