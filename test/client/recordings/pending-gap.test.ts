import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findPendingGap } from '../../../client/recordings/pending-gap.js';
import { readManifest, type RunEndFacts } from '../../../core/manifest/index.js';

const END = '2026-01-01T00:01:00.000Z';
const NOW_MS = Date.parse('2026-01-01T00:01:45Z');
const LINE = {
  type: 'segment',
  file: '20260101T000000Z-1-00000.ts',
  start: '2026-01-01T00:00:00.000Z',
  end: END,
  bytes: 1,
  frames: 1,
  run: 1,
};
const LOST = {
  outcome: 'failed',
  cause: 'network_disconnect',
  detail: 'connection reset',
  endedAt: END,
} as const;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-pending-'));
  mkdirSync(join(folder, '.state'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes the facts of the runs 1, 2 ... as they are on disk: in a file with room to grow. */
function ends(...list: readonly (RunEndFacts | null)[]): void {
  for (const [index, end] of list.entries()) {
    const facts = {
      run: index + 1,
      runKey: 'x',
      plannedAt: END,
      resumesAfter: null,
      hls: null,
      end,
      invalid: null,
    };
    writeFileSync(join(folder, '.state', `run-${index + 1}.json`), JSON.stringify(facts).padEnd(4_096));
  }
}

async function pendingGap(open: { readonly run: number; readonly sinceMs: number } | null = null) {
  return await findPendingGap({
    folder,
    manifest: readManifest(`${JSON.stringify(LINE)}\n`),
    open:
      open === null
        ? null
        : {
            file: `20260101T000130Z-${open.run}-00000.ts`,
            bytes: 1,
            sinceMs: open.sinceMs,
            writtenMs: NOW_MS,
          },
    nowMs: NOW_MS,
  });
}

describe('what is missing since the last segment', () => {
  it('is nothing while the same run goes on', async () => {
    ends(null);
    expect(await pendingGap()).toBeNull();
  });

  it('lasts after a run that was lost, whether or not the next one is trying', async () => {
    ends(LOST);
    const lasting = { fromMs: Date.parse(END), toMs: null, cause: 'network_disconnect' };
    expect(await pendingGap()).toMatchObject({ ...lasting, evidence: 'connection reset' });
    ends(LOST, { ...LOST, detail: 'connection refused' }, null);
    expect(await pendingGap()).toMatchObject({
      ...lasting,
      evidence:
        'connection reset; 1 run after it recorded nothing, the last one: network_disconnect, connection refused',
    });
  });

  it('is nothing after the end of a show and after a stop', async () => {
    ends({ ...LOST, outcome: 'stopped', cause: null });
    expect(await pendingGap()).toBeNull();
    ends({ ...LOST, outcome: 'ended', cause: null });
    expect(await pendingGap()).toBeNull();
  });

  it('is over where the segment of the next run begins', async () => {
    ends(LOST, null);
    const sinceMs = Date.parse('2026-01-01T00:01:30Z');
    expect(await pendingGap({ run: 2, sinceMs })).toMatchObject({
      toMs: sinceMs,
      cause: 'network_disconnect',
    });
    expect(await pendingGap({ run: 1, sinceMs })).toBeNull();
  });

  it('is nothing while the facts of the runs cannot be read', async () => {
    writeFileSync(join(folder, '.state', 'run-1.json'), '{"run":1,');
    expect(await pendingGap()).toBeNull();
  });
});
