import type { Incident } from '../../../core/instance-status.js';
import type { RecordingDisk } from '../../recordings/index.js';
import type { BranchView, InstanceView } from '../../library/read-instance.js';
import { paintState, type Colours } from './colours.js';
import { detailOf } from './instance-words.js';
import { renderTable, type Column } from './table.js';
import { plainText } from './text-width.js';
import { clockTime, humanBitrate, humanBytes, humanDuration, humanSince } from './words.js';

export interface DetailsView {
  readonly width: number;
  readonly nowMs: number;
  readonly colours: Colours;
  /** Folder of its recordings. */
  readonly recordings: string;
  /** Of the disks on which it records the one with the least room; absent when the folder is not on this machine. */
  readonly disk?: RecordingDisk | undefined;
}

/** One instance as `show` prints it: facts, branches with live figures, last incidents. */
export function renderDetails(instance: InstanceView, view: DetailsView): string[] {
  const { colours } = view;
  const lines = [
    `${colours.bold(instance.id)}  ${paintState(colours, instance.state, instance.state)}  ${headline(instance, view.nowMs)}`,
    '',
    ...facts(instance, view).map(([label, text]) => `  ${colours.dim(label.padEnd(11))}${plainText(text)}`),
  ];
  if (instance.branches.length > 0) {
    lines.push('', colours.bold('Branches'));
    lines.push(...indented(renderTable(instance.branches, branchColumns(view), view.width - 2, colours)));
  }
  const incidents = instance.status?.incidents ?? [];
  if (incidents.length > 0) {
    lines.push('', colours.bold('Incidents, newest first'));
    lines.push(...indented(renderTable(incidents, incidentColumns(view), view.width - 2, colours)));
  }
  return lines;
}

function headline(instance: InstanceView, nowMs: number): string {
  return plainText(instance.status?.detail || detailOf(instance, nowMs));
}

/** `2.1 GB on that disk`, or of which folder where a part of the recordings lies elsewhere. */
function spaceOn({ folder, freeBytes, problem }: RecordingDisk, recordings: string): string {
  const where = folder === recordings ? 'that disk' : `the disk of ${folder.slice(recordings.length + 1)}`;
  return problem === null ? `${humanBytes(freeBytes)} on ${where}` : `nothing on ${where}: ${problem}`;
}

function facts(instance: InstanceView, view: DetailsView): [string, string][] {
  const { status } = instance;
  const list: [string, string][] = [];
  if (instance.host !== null) list.push(['host', instance.host]);
  if (status !== null) list.push(['since', `${status.since} (${humanSince(status.since, view.nowMs)})`]);
  list.push(['started', `${instance.startedAt} (${humanSince(instance.startedAt, view.nowMs)})`]);
  if (instance.closedAt !== null)
    list.push(['ended', `${instance.closedAt} (${String(instance.closed).toLowerCase()})`]);
  if (status !== null) {
    list.push([
      'retries',
      `${status.retries} in this episode, ${status.incidentCount} ${status.incidentCount === 1 ? 'incident' : 'incidents'} since the start`,
    ]);
  }
  if (instance.kind === 'source') list.push(['health', `holdfast health ${instance.name}`]);
  else list.push(['recordings', `${view.recordings}  (coverage: holdfast gaps ${instance.id})`]);
  if (view.disk !== undefined) list.push(['free', spaceOn(view.disk, view.recordings)]);
  if (instance.open && instance.statusProblem !== null) {
    list.push(['attention', `${instance.statusProblem}: this is what the server last knew`]);
  }
  return list;
}

function branchColumns(view: DetailsView): Column<BranchView>[] {
  const { colours, nowMs } = view;
  const figure = (text: (live: NonNullable<NonNullable<BranchView['live']>['progress']>) => string) => {
    return (branch: BranchView) => {
      const progress = branch.live?.progress ?? null;
      return progress === null ? '' : text(progress);
    };
  };
  return [
    { title: 'NAME', value: (branch) => branch.name },
    {
      title: 'STATE',
      value: (branch) => branch.state,
      paint: (branch, text) => paintState(colours, branch.state, text),
    },
    {
      title: 'RUN',
      value: (branch) => (branch.run === 0 ? '' : String(branch.run)),
      align: 'right',
      dropOrder: 5,
    },
    { title: 'FOR', value: (branch) => humanSince(branch.startedAt ?? branch.since, nowMs), align: 'right' },
    { title: 'FPS', value: figure((progress) => progress.fps.toFixed(1)), align: 'right', dropOrder: 4 },
    {
      title: 'BITRATE',
      value: figure((progress) => (progress.bitrateKbps > 0 ? humanBitrate(progress.bitrateKbps) : '')),
      align: 'right',
      dropOrder: 3,
    },
    { title: 'FRAMES', value: figure((progress) => String(progress.frames)), align: 'right', dropOrder: 6 },
    {
      title: 'WRITTEN',
      value: figure((progress) => (progress.bytes > 0 ? humanBytes(progress.bytes) : '')),
      align: 'right',
      dropOrder: 2,
    },
    {
      title: 'MEDIA',
      value: figure((progress) => humanDuration(progress.outTimeMs)),
      align: 'right',
      dropOrder: 7,
    },
    {
      title: 'HUB LOSS',
      value: ({ live }) => (live?.continuityErrors === undefined ? '' : String(live.continuityErrors)),
      align: 'right',
      dropOrder: 1,
      paint: ({ live }, text) => ((live?.continuityErrors ?? 0) > 0 ? colours.yellow(text) : text),
    },
    { title: 'DETAIL', value: (branch) => branch.detail, flexible: true },
  ];
}

function incidentColumns(view: DetailsView): Column<Incident>[] {
  const { colours, nowMs } = view;
  return [
    { title: 'TIME', value: (incident) => clockTime(incident.at, nowMs) },
    { title: 'BRANCH', value: (incident) => incident.branch, dropOrder: 2 },
    { title: 'CAUSE', value: (incident) => incident.cause, paint: (_incident, text) => colours.yellow(text) },
    { title: 'DECIDED', value: (incident) => incident.action, dropOrder: 1 },
    { title: 'WHAT HAPPENED', value: (incident) => incident.detail, flexible: true },
  ];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
