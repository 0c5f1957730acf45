// What a run that is fed by another one, and a watcher that has found something, make custody do.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Evidence } from '../../../core/evidence.js';
import { hubLock, hubOf } from '../../../core/hub.js';
import { commandSpec, CustodyBench, progressSpec, until } from './bench.js';

const TICKING =
  'frame=0; while :; do frame=$((frame + 1)); printf "frame=%s\\nprogress=continue\\n" "$frame" >&3; sleep 0.1; done';
const SILENT_READER = ['sleep', '600'];

let bench: CustodyBench;
beforeEach(() => {
  bench = new CustodyBench();
});
afterEach(() => bench.tearDown());

describe('a run that is fed by another branch', () => {
  const ingest = progressSpec(['sh', '-c', TICKING], { workflowId: 'capture/a', branch: 'ingest' });
  const output = progressSpec(SILENT_READER, {
    workflowId: 'capture/a',
    branch: 'live',
    fedBy: 'ingest',
    stallTimeoutMs: 500,
  });

  it('does not stall while nothing feeds it', async () => {
    const custody = await bench.custody();
    await custody.adoptOrStart(output, bench.lease());
    // Four times the timeout, with the grace that a start has.
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(bench.owner.ends).toEqual([]);
  });

  it('stalls like any other while its feed delivers', async () => {
    const custody = await bench.custody();
    await custody.adoptOrStart(ingest, bench.lease());
    await custody.adoptOrStart(output, bench.lease());
    await until('the output stalls', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.end).toMatchObject({ runKey: output.runKey, cause: 'stream_timeout' });
  });
});

describe('a watcher', () => {
  it('ends a run that must not go on, and its evidence is the verdict', async () => {
    let evidence: Evidence | null = null;
    const custody = await bench.custody({
      watcher: { mustEnd: () => evidence, collectEvidence: async () => ({ errorCode: 'EOTHER' }) },
    });
    await custody.adoptOrStart(commandSpec(SILENT_READER), bench.lease());
    await until('the run delivers', () => bench.owner.started.length === 1);
    evidence = { errorCode: 'ENOSPC' };
    await until('the end is reported', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.end).toMatchObject({ outcome: 'failed', cause: 'storage_full' });
  });

  it('has its news passed on once, when the server is back', async () => {
    const pending = [{ kind: 'storage_low', detail: 'about 9 min left' } as const];
    const custody = await bench.custody({ watcher: { takeNews: () => pending.shift() ?? null } });
    bench.owner.reachable = false;
    await custody.adoptOrStart(commandSpec(SILENT_READER), bench.lease());
    await until('the news was taken', () => pending.length === 0);
    bench.owner.reachable = true;
    await until('the news arrives', () => bench.owner.news.length > 0);
    await custody.stopRun('stream/test/recording/1', 'done');
    expect(bench.owner.news).toEqual([
      {
        runKey: 'stream/test/recording/1',
        kind: 'storage_low',
        detail: 'about 9 min left',
        at: expect.any(String),
      },
    ]);
  });

  it('has its count of lost packets reported with heartbeats and the end', async () => {
    const custody = await bench.custody({ watcher: { continuityErrors: () => 7 } });
    await custody.adoptOrStart(commandSpec(SILENT_READER), bench.lease(600));
    await until('a heartbeat', () => bench.owner.heartbeats.length > 0);
    expect(bench.owner.heartbeats[0]?.details.continuityErrors).toBe(7);
    const end = await custody.stopRun('stream/test/recording/1', 'done');
    expect(end?.continuityErrors).toBe(7);
  });
});

describe('a hub', () => {
  const hub = hubLock(hubOf('capture/a', '239.255.7.7'));

  it('that another instance of the host uses is refused for good, naming that instance', async () => {
    const custody = await bench.custody();
    const first = commandSpec(SILENT_READER, { workflowId: 'capture/a', branch: 'ingest', locks: [hub] });
    const second = commandSpec(SILENT_READER, { workflowId: 'capture/b', branch: 'ingest', locks: [hub] });
    await custody.adoptOrStart(first, bench.lease());
    await custody.adoptOrStart(second, bench.lease());
    await until('the second is refused', () => bench.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.end).toMatchObject({
      runKey: second.runKey,
      cause: 'invalid_pipeline',
      detail: 'the hub 239.255.7.7:5004 is used by capture/a on this host; give one of the two another `hub`',
    });
  });
});
