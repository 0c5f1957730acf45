// Goal: streams that ffmpeg reads itself are recorded as those over HTTP are: a lost connection never ends them, and a wait ends when
// the source is back. Method: a bare TCP server that closes in order, an SRT listener that is killed, and nginx with its RTMP module.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InstanceStatus } from '../../core/instance-status.js';
import { startBareSource, type BareSource } from '../support/bare-source.js';
import { Cluster, until } from '../support/cluster.js';
import { freeUdpPort } from '../support/free-port.js';
import { startLiveSource, type LiveSource } from '../support/live-source/index.js';
import { startRtmpServer, type RtmpServer } from '../support/rtmp-server.js';

const FINS = 5;

let cluster: Cluster;
let show: LiveSource;
let bare: BareSource;
let rtmp: RtmpServer;
const senders = new Set<ChildProcess>();

beforeAll(async () => {
  [cluster, show, rtmp] = await Promise.all([Cluster.start(), startLiveSource(), startRtmpServer()]);
  bare = await startBareSource(show.urls.ts);
  await cluster.startWorker();
}, 120_000);

afterAll(async () => {
  await cluster.close();
  for (const sender of senders) await end(sender);
  await Promise.all([bare.close(), rtmp.close()]);
  await show.close();
}, 60_000);

/** Sends the show to an address until it is ended. */
function send(format: string, url: string): ChildProcess {
  const words = ['-nostdin', '-v', 'quiet', '-i', show.urls.ts, '-c', 'copy', '-f', format, url];
  const sender = spawn('ffmpeg', words, { stdio: 'ignore' });
  senders.add(sender);
  return sender;
}

async function end(sender: ChildProcess): Promise<void> {
  senders.delete(sender);
  if (sender.exitCode !== null || sender.signalCode !== null) return;
  sender.kill('SIGKILL');
  await once(sender, 'exit');
}

async function untilRuns(id: string, runMin: number, timeoutMs = 40_000): Promise<InstanceStatus> {
  let last: InstanceStatus | undefined;
  await until(
    async () => {
      last = await cluster.status(`stream/${id}`);
      return last.state === 'running' && (last.branches[0]?.run ?? 0) >= runMin;
    },
    timeoutMs,
    () => `run ${runMin} of ${id}; it is ${last?.state}: ${last?.detail}`,
  );
  return await cluster.status(`stream/${id}`);
}

const causesOf = ({ incidents }: InstanceStatus) => new Set(incidents.map(({ cause }) => cause));

describe('a stream over a bare connection', () => {
  it('goes on however often the server closes it in order', async () => {
    const handle = await cluster.startStream({ id: 'bare', resolver: { kind: 'direct', url: bare.url } });
    for (let fins = 0; fins < FINS; fins += 1) {
      const { branches } = await untilRuns('bare', fins + 1);
      expect(bare.fin()).toBe(1);
      await untilRuns('bare', (branches[0]?.run ?? 0) + 1);
    }
    // Nothing at all is sent for as long as several attempts take.
    bare.isEmpty = true;
    bare.fin();
    const seen = (await cluster.status('stream/bare')).incidentCount;
    await until(
      async () => (await cluster.status('stream/bare')).incidentCount >= seen + FINS,
      60_000,
      'attempts in vain',
    );
    bare.isEmpty = false;
    const status = await untilRuns('bare', FINS + 2);
    expect(causesOf(status)).toEqual(new Set(['network_disconnect']));
    expect(status.incidentCount).toBeGreaterThanOrEqual(2 * FINS);
    await handle.signal('stop');
    expect(await handle.result()).toMatchObject({ state: 'stopped', reason: 'stop requested' });
    const gaps = (await cluster.manifest('stream/bare')).filter(({ type }) => type === 'gap');
    expect(gaps.length).toBeGreaterThanOrEqual(FINS);
    expect(new Set(gaps.map(({ cause }) => cause))).toEqual(new Set(['network_disconnect']));
  }, 240_000);
});

describe('a stream over SRT', () => {
  it('is taken up again as soon as the listener is back, long before the wait is over', async () => {
    const url = `srt://127.0.0.1:${await freeUdpPort()}`;
    const sender = send('mpegts', `${url}?mode=listener`);
    const resolver = { kind: 'direct', url };
    const handle = await cluster.startStream({ id: 'srt', resolver, recovery: { quick_retries: 0 } });
    await untilRuns('srt', 1);
    await end(sender);
    await until(
      async () => /as soon as the source answers/.test((await cluster.status('stream/srt')).detail),
      30_000,
      'the wait for the source',
    );
    send('mpegts', `${url}?mode=listener`);
    expect(causesOf(await untilRuns('srt', 2))).toEqual(new Set(['network_disconnect']));
    await handle.signal('stop');
    await handle.result();
  }, 120_000);
});

describe('a stream over RTMP', () => {
  it('goes on when the server is killed and comes back', async () => {
    const url = rtmp.url('show');
    const sender = send('flv', url);
    const handle = await cluster.startStream({ id: 'rtmp', resolver: { kind: 'direct', url } });
    await untilRuns('rtmp', 1);
    await rtmp.kill();
    await end(sender);
    await rtmp.restart();
    send('flv', url);
    expect(causesOf(await untilRuns('rtmp', 2))).not.toContain('unknown');
    await handle.signal('stop');
    await handle.result();
  }, 120_000);
});
