import type { RunProgress } from '../../../core/run.js';
import type { InstanceView } from '../../library/read-instance.js';
import { detailOf } from './instance-words.js';
import { paintState, type Colours } from './colours.js';
import { renderTable, type Column } from './table.js';
import { humanBitrate, humanSince } from './words.js';

/** Rows of instances: the table of `list`, `watch` and `up`. */
export function renderInstances(
  instances: readonly InstanceView[],
  view: { readonly width: number; readonly nowMs: number; readonly colours: Colours },
): string[] {
  return renderTable(instances, instanceColumns(view.nowMs, view.colours), view.width, view.colours);
}

function instanceColumns(nowMs: number, colours: Colours): Column<InstanceView>[] {
  return [
    { title: 'ID', value: (row) => row.id, paint: (_row, text) => colours.bold(text) },
    { title: 'STATE', value: (row) => row.state, paint: (row, text) => paintState(colours, row.state, text) },
    {
      title: 'FOR',
      value: (row) => humanSince(row.open ? (row.status?.since ?? null) : row.closedAt, nowMs),
      align: 'right',
      dropOrder: 5,
    },
    {
      title: 'UP',
      value: (row) => (row.open ? humanSince(row.startedAt, nowMs) : ''),
      align: 'right',
      dropOrder: 3,
    },
    { title: 'FPS', value: (row) => fpsOf(row), align: 'right', dropOrder: 4 },
    { title: 'BITRATE', value: (row) => bitrateOf(row), align: 'right', dropOrder: 2 },
    {
      title: 'RETRIES',
      value: (row) => (row.status === null ? '' : String(row.status.retries)),
      align: 'right',
      dropOrder: 1,
    },
    { title: 'HOST', value: (row) => row.host ?? '', dropOrder: 6 },
    {
      title: 'DETAIL',
      value: (row) => detailOf(row, nowMs),
      flexible: true,
      paint: (_row, text) => colours.dim(text),
    },
  ];
}

/** Figures of the first branch: the recording of a stream, the ingest of a capture, whose outputs only copy it. */
function figuresOf(row: InstanceView): RunProgress | null {
  return row.branches[0]?.live?.progress ?? null;
}

function fpsOf(row: InstanceView): string {
  const fps = figuresOf(row)?.fps ?? 0;
  return fps <= 0 ? '' : fps.toFixed(fps < 10 ? 1 : 0);
}

function bitrateOf(row: InstanceView): string {
  const kbps = figuresOf(row)?.bitrateKbps ?? 0;
  return kbps <= 0 ? '' : humanBitrate(kbps);
}
