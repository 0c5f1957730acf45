// Goal: what is encoded once arrives everywhere, picture for picture, and can be looked at. Method: a capture of ffmpeg's and one of
// GStreamer's test picture feed a real RTMP server, with and without TLS, a real SRT listener, a receiver of plain UDP and a recording;
// ffprobe and the checksums of the coded packets tell what has arrived.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InstanceStatus } from '../../core/instance-status.js';
import { Cluster, processesOf, until } from '../support/cluster.js';
import { codedPackets, commonPart, streamFacts } from '../support/coded-packets.js';
import { makeCertificates } from '../support/hostile-server/certificates.js';
import { runPattern } from '../support/numbered-capture.js';
import { startRtmpServer, type RtmpServer } from '../support/rtmp-server.js';
import { startSrtListener, type SrtListener } from '../support/srt-listener.js';
import { startTlsFront, type TlsFront } from '../support/tls-front.js';
import { startUdpReceiver, type UdpReceiver } from '../support/udp-receiver.js';

/** Noise in picture and sound makes every packet another. */
const INPUTS = {
  lavfi: {
    kind: 'ffmpeg',
    args: [
      ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25'],
      ['-f', 'lavfi', '-i', 'anoisesrc=sample_rate=48000:amplitude=0.1'],
    ].flat(),
  },
  gstreamer: {
    kind: 'gstreamer',
    pipeline: `
      videotestsrc is-live=true ! "video/x-raw, width=640, height=360, framerate=25/1"
        ! x264enc tune=zerolatency speed-preset=ultrafast bitrate=1000 key-int-max=50 ! h264parse
        ! mpegtsmux name=mux ! {hub}
      audiotestsrc is-live=true wave=white-noise volume=0.1 ! "audio/x-raw, rate=48000, channels=1" ! audioconvert ! avenc_aac ! aacparse ! mux.`,
  },
};
type Input = keyof typeof INPUTS;

/** Each reader begins at a key frame of its own; this much they must have in common. */
const COMMON_PICTURES_MIN = 200;
const COMMON_SOUND_MIN = 300;

let cluster: Cluster;
let rtmp: RtmpServer;
let tls: TlsFront;
let listeners: Readonly<Record<Input, SrtListener>>;
let receivers: Readonly<Record<Input, UdpReceiver>>;

beforeAll(async () => {
  [cluster, rtmp, listeners, receivers] = await Promise.all([
    Cluster.start(),
    startRtmpServer(),
    forEachInput(startSrtListener),
    forEachInput(startUdpReceiver),
  ]);
  // ffmpeg asks nobody to vouch for a server unless the address says so.
  tls = await startTlsFront(makeCertificates().selfSigned, rtmp.port);
  await cluster.startWorker();
}, 120_000);

afterAll(async () => {
  await cluster.close();
  const servers = [tls, rtmp, ...Object.values(listeners), ...Object.values(receivers)];
  await Promise.all(servers.map((server) => server.close()));
}, 60_000);

async function forEachInput<Server>(start: () => Promise<Server>): Promise<Record<Input, Server>> {
  const [lavfi, gstreamer] = await Promise.all([start(), start()]);
  return { lavfi, gstreamer };
}

async function start(name: Input): Promise<void> {
  await cluster.startCapture({
    id: name,
    input: INPUTS[name],
    encode: { bitrate: '1M', options: { preset: 'ultrafast' } },
    outputs: [
      { name: 'live', kind: 'push', url: rtmp.url(name) },
      { name: 'tls', kind: 'push', url: `rtmps://127.0.0.1:${tls.port}/live/${overTls(name)}` },
      { name: 'srt', kind: 'push', url: listeners[name].url },
      { name: 'udp', kind: 'push', url: receivers[name].url },
      { name: 'tape', kind: 'record', segment: '4s' },
    ],
  });
}

/** Name of the stream that reaches the RTMP server through TLS. */
function overTls(name: Input): string {
  return `tls-${name}`;
}

/** Waits until every branch delivers, and the last of them for some time. */
async function untilAllHaveRun(name: Input, seconds: number): Promise<InstanceStatus> {
  let status: InstanceStatus | undefined;
  await until(
    async () => {
      status = await cluster.status(`capture/${name}`).catch(() => undefined);
      return (
        status?.branches.every(
          ({ state, startedAt }) =>
            state === 'running' && Date.now() - Date.parse(startedAt ?? '') > seconds * 1_000,
        ) === true
      );
    },
    60_000 + seconds * 1_000,
    () => `every branch of ${name} to run for ${seconds} s: ${JSON.stringify(status?.branches)}`,
  );
  return status as InstanceStatus;
}

async function filesOf(name: Input): Promise<Readonly<Record<string, readonly string[]>>> {
  return {
    live: await rtmp.recordings(name),
    tls: await rtmp.recordings(overTls(name)),
    srt: (await listeners[name].recordings()).slice(0, 1),
    udp: [receivers[name].file],
    tape: await cluster.mediaFiles(`capture/${name}`, 'tape'),
  };
}

async function expectSameEverywhere(files: readonly (readonly string[])[], stream: 'v' | 'a', min: number) {
  const arrived = await Promise.all(files.map((each) => codedPackets(each, stream)));
  for (const one of arrived) {
    for (const other of arrived) {
      const common = commonPart(one, other);
      expect(common.length).toBeGreaterThan(min);
      expect(common).toEqual(commonPart(other, one));
    }
  }
}

describe('a capture', () => {
  it.each(Object.keys(INPUTS) as Input[])(
    'of %s reaches a RTMP server, also through TLS, a SRT listener, a UDP receiver and a recording at once with the same pictures and sound',
    async (name) => {
      await start(name);
      expect(await untilAllHaveRun(name, 12)).toMatchObject({
        state: 'running',
        incidentCount: 0,
        retries: 0,
      });
      await cluster.client.workflow.getHandle(`capture/${name}`).signal('stop');
      const summary = await cluster.client.workflow.getHandle(`capture/${name}`).result();
      expect(summary).toMatchObject({ state: 'stopped', incidents: 0 });
      expect(summary).toMatchObject({ runs: { ingest: 1, live: 1, tls: 1, srt: 1, udp: 1, tape: 1 } });
      const files = Object.values(await filesOf(name));
      for (const file of files.flat()) {
        expect(await streamFacts(file)).toEqual([
          { codec: 'h264', format: '640x360 at 25/1' },
          { codec: 'aac', format: '48000 Hz, 1 channels' },
        ]);
      }
      await expectSameEverywhere(files, 'v', COMMON_PICTURES_MIN);
      await expectSameEverywhere(files, 'a', COMMON_SOUND_MIN);
    },
    150_000,
  );
});

describe('a preview', () => {
  const id = 'capture/preview';

  it('is a JPEG of the running picture, at most one every 5 s, and the ingest does not notice', async () => {
    const input = { ...INPUTS.lavfi, probe: { kind: 'none' } };
    await cluster.startCapture({ id: 'preview', input, encode: { bitrate: '1M' } });
    await cluster.untilState(id, 'running');
    const before = await processesOf(cluster.dataDir, runPattern('preview', 'ingest'));
    const [first, second] = [join(cluster.folder, 'first.jpg'), join(cluster.folder, 'second.jpg')];
    // Asked for at the same time, so that a slow machine makes no difference.
    const asked = await Promise.all(
      [first, second].map((file) => cluster.cli('show', id, '--preview', file)),
    );
    expect(asked).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
    expect(asked[0]?.stdout).toMatch(/first\.jpg: .*taken /);
    expect(await streamFacts(first)).toMatchObject([{ codec: 'mjpeg', format: /^640x360 / }]);
    expect((await readFile(first)).equals(await readFile(second))).toBe(true);
    expect(await processesOf(cluster.dataDir, runPattern('preview', 'ingest'))).toEqual(before);
    expect(await cluster.status(id)).toMatchObject({ state: 'running', incidentCount: 0 });
  }, 180_000);

  it('of a capture that waits for its signal is refused with the reason, and nothing is written', async () => {
    await cluster.client.workflow.getHandle(id).signal('hdmiLost');
    await cluster.untilState(id, 'waiting_signal');
    const file = join(cluster.folder, 'none.jpg');
    const { exitCode, stderr } = await cluster.cli('show', 'preview', '--preview', file);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /no picture of capture\/preview: it is waiting_signal \(waiting for the HDMI signal/,
    );
    await expect(readFile(file)).rejects.toThrow('ENOENT');
    await cluster.client.workflow.getHandle(id).signal('stop');
    await cluster.client.workflow.getHandle(id).result();
  }, 180_000);
});
