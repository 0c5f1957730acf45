// Goal: a push that loses its server comes back by itself or is given up, and nobody else notices. Method: nginx is killed, for 12 s and
// for good; states, history and notifications are read, and the numbers of all pictures that have arrived anywhere.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InstanceStatus } from '../../core/instance-status.js';
import { Cluster, until } from '../support/cluster.js';
import { FRAMES_PER_SECOND, startLiveSource, type LiveSource } from '../support/live-source/index.js';
import { NumberedCapture, PATIENT } from '../support/numbered-capture.js';
import { packetSteps } from '../support/packet-times.js';
import { startRtmpServer, type RtmpServer } from '../support/rtmp-server.js';
import { startSrtListener, type SrtListener } from '../support/srt-listener.js';
import { timersOf } from '../support/workflow-history.js';

const OUTAGE_MS = 12_000;
const RETRY_DELAY_SECONDS = 5;
const RETRIES = 3;
/** Running for this long gives the whole budget back. */
const HEALTHY_MS = 2_000;
const LOST = 'info live: Connection lost, retrying...';
const BACK = 'success live: Reconnected successfully';
const GIVEN_UP = 'error live: Failed after 3 attempts';

let cluster: Cluster;
let source: LiveSource;
let rtmp: RtmpServer;
let srt: SrtListener;
let capture: NumberedCapture;

beforeAll(async () => {
  [cluster, source, rtmp, srt] = await Promise.all([
    Cluster.start(),
    startLiveSource(),
    startRtmpServer(),
    startSrtListener(PATIENT),
  ]);
  await cluster.startWorker();
  capture = await NumberedCapture.start(
    cluster,
    source,
    { rtmp, srt },
    { id: 'studio', recovery: { reset_after: HEALTHY_MS / 1_000 } },
  );
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await Promise.all([source, rtmp, srt].map((server) => server.close()));
}, 60_000);

function stateOf({ branches }: InstanceStatus, name: string): string | undefined {
  return branches.find((branch) => branch.name === name)?.state;
}

/** The state of the push and of the instance, each time one of them changed, until the push has come to the end. */
async function changesUntil(end: 'running' | 'error', timeoutMs: number): Promise<string[]> {
  const changes: string[] = [];
  await until(
    async () => {
      const status = await capture.status();
      const now = `${stateOf(status, 'live')} in ${status.state}`;
      if (changes.at(-1) !== now) changes.push(now);
      return changes.length > 1 && stateOf(status, 'live') === end;
    },
    timeoutMs,
    () => `the push to be ${end}; so far: ${changes.join(', ')}`,
  );
  return changes;
}

/** Waits until the push has run for long enough to have its whole budget. */
async function untilHealthy(): Promise<void> {
  await until(
    async () => {
      const push = (await capture.status()).branches.find(({ name }) => name === 'live');
      return push?.state === 'running' && Date.now() - Date.parse(push.startedAt ?? '') > 2 * HEALTHY_MS;
    },
    30_000,
    'the push to be healthy',
  );
}

/** Timers before attempts of the push, and what the Web UI shows for them. */
async function retryTimers() {
  return (await timersOf(capture.handle)).filter(({ summary }) => summary.startsWith('live: retrying'));
}

async function untilTold(count: number): Promise<string[]> {
  await until(
    async () => (await capture.told()).length >= count,
    15_000,
    () => `${count} notifications`,
  );
  return await capture.told();
}

describe('a push whose server is killed', () => {
  it('for 12 s retries every 5 s, runs again, and says just that', async () => {
    await rtmp.kill();
    const killedAtMs = Date.now();
    const changes = changesUntil('running', 60_000);
    await until(() => Date.now() - killedAtMs >= OUTAGE_MS, OUTAGE_MS + 1_000, 'the outage to last');
    await rtmp.restart();
    expect((await changes).filter((change) => !change.startsWith('starting'))).toEqual([
      'running in running',
      'retrying in degraded',
      'running in running',
    ]);
    expect(await untilTold(2)).toEqual([LOST, BACK]);
    const timers = await retryTimers();
    expect(timers.length).toBeGreaterThan(1);
    expect(timers.map(({ seconds }) => seconds)).toEqual(timers.map(() => RETRY_DELAY_SECONDS));
    expect(await capture.runs()).toMatchObject({ ingest: 1, srt: 1, tape: 1, live: 1 + timers.length });
    const status = await capture.status();
    expect(status).toMatchObject({ state: 'running', incidentCount: timers.length });
    expect(new Set(status.incidents.map(({ branch, cause }) => `${branch} ${cause}`))).toEqual(
      new Set(['live network_disconnect']),
    );
  }, 180_000);

  it('for good fails after 3 attempts, 5 s apart, and leaves the instance degraded', async () => {
    await untilHealthy();
    const [before, runsBefore] = [(await retryTimers()).length, (await capture.runs())['live'] ?? 0];
    await rtmp.kill();
    await changesUntil('error', 60_000);
    expect(await capture.status()).toMatchObject({ state: 'degraded' });
    expect(await untilTold(4)).toEqual([LOST, BACK, LOST, GIVEN_UP]);
    const timers = (await retryTimers()).slice(before);
    expect(timers.map(({ seconds }) => seconds)).toEqual(Array(RETRIES).fill(RETRY_DELAY_SECONDS));
    expect(timers.map(({ summary }) => /^live: retrying (\d\/\d)/.exec(summary)?.[1])).toEqual([
      '1/3',
      '2/3',
      '3/3',
    ]);
    expect(await capture.runs()).toMatchObject({ live: runsBefore + RETRIES, ingest: 1, srt: 1, tape: 1 });
  }, 180_000);

  it('stays given up when the server is back, until `holdfast output resume` says so', async () => {
    await rtmp.restart();
    await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_SECONDS * 1_000));
    expect(await capture.status()).toMatchObject({ state: 'degraded' });
    const { exitCode, stdout } = await cluster.cli('output', 'resume', 'studio', 'live');
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('capture/studio live:'),
    });
    await capture.untilAllRun();
    expect(await capture.status()).toMatchObject({ state: 'running', retries: 0 });
  }, 180_000);

  it('and given up again is started by `holdfast retry` too', async () => {
    await rtmp.kill();
    await changesUntil('error', 60_000);
    await rtmp.restart();
    expect(await cluster.cli('retry', 'studio')).toMatchObject({ exitCode: 0 });
    await capture.untilAllRun();
    expect(await capture.runs()).toMatchObject({ ingest: 1, srt: 1, tape: 1 });
    expect((await capture.told()).filter((line) => line === GIVEN_UP)).toHaveLength(2);
  }, 180_000);

  it('has cost the recording and the SRT push not one picture', async () => {
    await capture.handle.signal('stop');
    await capture.handle.result();
    for (const output of ['srt', 'tape'] as const) {
      const { count, ...rest } = await capture.delivered(output);
      expect({ output, ...rest }).toEqual({ output, missing: [], doubled: 0 });
      expect(count).toBeGreaterThan(FRAMES_PER_SECOND * (OUTAGE_MS / 1_000));
    }
    expect(await capture.files('srt')).toHaveLength(1);
    for (const file of await capture.files('srt')) {
      expect(new Set(await packetSteps(file))).toEqual(new Set([1_000 / FRAMES_PER_SECOND]));
    }
    const segments = (await cluster.manifest(capture.id, 'tape')).filter(({ type }) => type === 'segment');
    expect(new Set(segments.map(({ run }) => run))).toEqual(new Set([1]));
  }, 180_000);
});
