import { describe, expect, it } from '@jest/globals';
import picocolors from 'picocolors';
import { renderDetails } from '../../../../client/cli/view/instance-details.js';
import { renderInstances } from '../../../../client/cli/view/instance-table.js';
import { outputRows, renderOutputs } from '../../../../client/cli/view/output-table.js';
import type { LiveRun } from '../../../../client/library/live-runs.js';
import { branchView, instanceView } from '../../../support/instance-views.js';

const colours = picocolors.createColors(false);
const nowMs = Date.parse('2026-03-01T12:03:05.000Z');
const view = { width: 200, nowMs, colours };

function liveRun(more: Partial<LiveRun> = {}): LiveRun {
  return {
    runKey: '',
    pid: 1,
    startedAt: '2026-03-01T12:00:00.000Z',
    firstProgressAt: null,
    reportedAt: null,
    hostAttempt: 1,
    worker: '',
    progress: { outTimeMs: 60_000, frames: 1_500, bytes: 0, fps: 25, bitrateKbps: 6_000, speed: 1 },
    ...more,
  };
}

const config = {
  id: 'x',
  outputs: [
    { name: 'live', kind: 'push', url: 'rtmp://example.org/app/${env:KEY}' },
    { name: 'tape', kind: 'record' },
  ],
};
const branches = [
  branchView('ingest', 'running', { live: liveRun() }),
  branchView('live', 'running', { live: liveRun({ continuityErrors: 3 }) }),
  branchView('tape', 'stopped', { detail: 'storage_full: 0 bytes free' }),
];
const bare = instanceView('capture/x', 'degraded');
const capture = { ...bare, status: bare.status === null ? null : { ...bare.status, config }, branches };

describe('a capture', () => {
  it('has one row in the list, with the figures of its ingest and not their sum', () => {
    const [, row] = renderInstances([capture], view);
    expect(row).toMatch(/^capture\/x +degraded .* 25 +6\.0 Mbit\/s /);
  });

  it('is shown with every branch: state, figures, what the hub has lost, and why it idles', () => {
    const disk = { folder: '/data', device: 1, freeBytes: 12e9, problem: null };
    const text = renderDetails(capture, { ...view, recordings: '/data', disk }).join('\n');
    expect(text).toContain('12.0 GB on that disk');
    const other = { ...disk, folder: '/data/tape' };
    const elsewhere = renderDetails(capture, { ...view, recordings: '/data', disk: other }).join('\n');
    expect(elsewhere).toContain('12.0 GB on the disk of tape');
    expect(text).toMatch(/NAME +STATE +RUN +FOR +FPS +BITRATE +FRAMES +MEDIA +HUB LOSS +DETAIL/);
    expect(text).toMatch(/ingest +running .* 25\.0 +6\.0 Mbit\/s +1500 +1m 00s +ingest in words/);
    expect(text).toMatch(/live +running .* 3 +live in words/);
    expect(text).toMatch(/tape +stopped .*storage_full: 0 bytes free/);
  });

  it('has its outputs listed with where they go, secrets as they are written', () => {
    const rows = outputRows(capture);
    expect(rows.map(({ name, kind, url }) => ({ name, kind, url }))).toEqual([
      { name: 'live', kind: 'push', url: 'rtmp://example.org/app/${env:KEY}' },
      { name: 'tape', kind: 'record', url: null },
    ]);
    const text = renderOutputs(rows, view).join('\n');
    expect(text).toMatch(/live +push +running +6\.0 Mbit\/s +rtmp:\/\/example\.org\/app\/\$\{env:KEY\}/);
    expect(text).toMatch(/tape +record +stopped/);
  });
});

describe('a stream', () => {
  it('has no column for the losses of a hub', () => {
    const stream = instanceView('stream/a', 'running', {
      branches: [branchView('recording', 'running', { live: liveRun() })],
    });
    expect(renderDetails(stream, { ...view, recordings: '/data' }).join('\n')).not.toContain('HUB LOSS');
  });
});
