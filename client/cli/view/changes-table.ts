import type { AppliedChange } from '../../library/apply.js';
import type { PlannedAction } from '../../library/plan-apply.js';
import type { Colours } from './colours.js';
import { renderTable, type Column } from './table.js';

/** What was done, or would be done in a dry run. */
const WORDS: Readonly<Record<PlannedAction, { readonly done: string; readonly planned: string }>> = {
  start: { done: 'started', planned: 'would start' },
  reconfigure: { done: 'reconfigured', planned: 'would reconfigure' },
  unchanged: { done: 'unchanged', planned: 'unchanged' },
  stop: { done: 'stopping', planned: 'would stop' },
  left: { done: 'left running', planned: 'left running' },
  stays_stopped: { done: 'stays stopped', planned: 'stays stopped' },
  unclear: { done: 'not compared', planned: 'not compared' },
};

/** The changes of an `apply` as a table. */
export function renderChanges(
  changes: readonly AppliedChange[],
  view: { readonly width: number; readonly colours: Colours; readonly dryRun: boolean },
): string[] {
  const { colours } = view;
  const columns: Column<AppliedChange>[] = [
    { title: 'ID', value: (change) => change.id, paint: (_change, text) => colours.bold(text) },
    {
      title: 'CHANGE',
      value: (change) => (change.error === null ? word(change.action, view.dryRun) : 'failed'),
      paint: (change, text) => paintChange(colours, change, text),
    },
    { title: 'WHY', value: (change) => change.error ?? change.reason, flexible: true },
  ];
  return renderTable(changes, columns, view.width, colours);
}

function word(action: PlannedAction, dryRun: boolean): string {
  return dryRun ? WORDS[action].planned : WORDS[action].done;
}

function paintChange(colours: Colours, change: AppliedChange, text: string): string {
  if (change.error !== null) return colours.red(text);
  switch (change.action) {
    case 'start':
      return colours.green(text);
    case 'reconfigure':
    case 'stop':
      return colours.yellow(text);
    default:
      return colours.dim(text);
  }
}
