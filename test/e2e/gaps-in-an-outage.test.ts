// Goal: who asks what is recorded while a source is away is told that something is missing now, since when and why. Method: a live source
// that refuses for a while, and segments that are much longer than the outage.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Cluster, until } from '../support/cluster.js';
import { startLiveSource, type LiveSource } from '../support/live-source/index.js';

interface Pending {
  readonly from: string;
  readonly to: string | null;
  readonly durationMs: number;
  readonly cause: string;
  readonly evidence: string;
}

interface Branch {
  readonly segments: number;
  readonly gaps: readonly { readonly cause: string; readonly from: string; readonly durationMs: number }[];
  readonly pending: Pending | null;
}

const OUTAGE_MS = 8_000;

let cluster: Cluster;
let source: LiveSource;

beforeAll(async () => {
  [cluster, source] = await Promise.all([Cluster.start(), startLiveSource()]);
  await cluster.startWorker();
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await source.close();
}, 60_000);

async function gaps(...options: string[]): Promise<Branch> {
  const { exitCode, stdout } = await cluster.cli(
    'gaps',
    'alice',
    '-c',
    cluster.configPath,
    '--json',
    ...options,
  );
  expect(exitCode).toBe(0);
  return (JSON.parse(stdout) as { branches: [Branch] }).branches[0];
}

/** Asks until what is missing is as wanted. */
async function untilPending(wanted: (pending: Pending | null) => boolean): Promise<Branch> {
  let branch: Branch | undefined;
  await until(
    async () => {
      branch = await gaps();
      return wanted(branch.pending);
    },
    30_000,
    () => `what is missing; it says ${JSON.stringify(branch)}`,
  );
  return branch as Branch;
}

describe('a recording whose source is away', () => {
  it('misses time since then and says why, until the manifest has a line for it', async () => {
    await cluster.startStream({
      id: 'alice',
      resolver: { kind: 'direct', url: source.urls.flv },
      record: { segment: '20s' },
      recovery: { connection_wait: '2s' },
    });
    await cluster.untilState('stream/alice', 'running', 60_000);
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect(await gaps()).toMatchObject({ pending: null });

    const outage = source.refuse(OUTAGE_MS);
    const lostAtMs = Date.now();
    const away = await untilPending((pending) => pending !== null && pending.durationMs > 2_000);
    expect(away.pending).toMatchObject({ to: null, cause: 'network_disconnect' });
    expect(Math.abs(Date.parse(away.pending?.from ?? '') - lostAtMs)).toBeLessThan(2_500);
    const { stdout } = await cluster.cli('gaps', 'alice', '-c', cluster.configPath);
    expect(stdout).toMatch(/nothing missing until then/);
    expect(stdout).toMatch(/not recorded since \d{4}-\S+ \S+Z \([\d.]+s\): network_disconnect, /);
    await outage;

    const back = await untilPending((pending) => pending?.to != null);
    expect(back.pending).toMatchObject({ cause: 'network_disconnect' });
    await cluster.client.workflow.getHandle('stream/alice').signal('stop');
    await cluster.client.workflow.getHandle('stream/alice').result();
    const whole = await untilPending((pending) => pending === null);
    const [gap] = whole.gaps;
    expect(gap).toMatchObject({ cause: 'network_disconnect', from: back.pending?.from });
    expect(Math.abs((gap?.durationMs ?? 0) - (back.pending?.durationMs ?? 0))).toBeLessThan(2_500);
  }, 120_000);
});
