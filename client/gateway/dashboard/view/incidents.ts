import { h, type Element_ } from '../dom/node.js';
import type { Model } from '../state/model.js';
import type { ViewContext } from './handlers.js';
import { clock, empty, panel, table } from './parts.js';

/** Newest incidents of all instances together. */
const INCIDENTS_SHOWN = 50;

export function incidentsPanel({ instances }: Model, { nowMs }: ViewContext): Element_ {
  const all = [...(instances.value?.values() ?? [])].flatMap(({ id, status }) =>
    (status?.incidents ?? []).map((incident) => ({ id, incident })),
  );
  const newest = all
    .sort((left, right) => right.incident.at.localeCompare(left.incident.at))
    .slice(0, INCIDENTS_SHOWN);
  const rows = newest.map(({ id, incident }, index) => ({
    key: `${id} ${incident.at} ${incident.branch} ${index}`,
    cells: [
      clock(incident.at, nowMs),
      id,
      incident.branch,
      h('strong', {}, incident.cause),
      incident.action,
      incident.detail,
    ],
  }));
  return panel(
    'incidents',
    'Incidents',
    rows.length === 0
      ? empty('Nothing has gone wrong.')
      : table('Incidents', ['Time', 'Instance', 'Branch', 'Cause', 'Decided', 'What happened'], rows),
  );
}
