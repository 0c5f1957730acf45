// Goal: two installations on one machine cannot destroy each other's recordings. Method: two servers with workers and data folders of
// their own, one capture id in both, and the numbers of all pictures that arrive from the first.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { failureOf } from '../support/capture-course.js';
import { Cluster } from '../support/cluster.js';
import { FRAMES_PER_SECOND, startLiveSource, type LiveSource } from '../support/live-source/index.js';
import { NumberedCapture, PATIENT } from '../support/numbered-capture.js';
import { startRtmpServer, type RtmpServer } from '../support/rtmp-server.js';
import { startSrtListener, type SrtListener } from '../support/srt-listener.js';

/** Of this test alone, with the address that follows from it: others run on this machine. */
const NAME = `twin-${process.pid}-${Date.now()}`;
const HUB_OF_ITS_ID = { hub: undefined };
const AFTER_REFUSAL_SECONDS = 6;

let clusters: readonly [Cluster, Cluster];
let source: LiveSource;
let rtmp: RtmpServer;
let srt: SrtListener;

beforeAll(async () => {
  [clusters, source, rtmp, srt] = await Promise.all([
    Promise.all([Cluster.start(), Cluster.start()]),
    startLiveSource(),
    startRtmpServer(),
    startSrtListener(PATIENT),
  ]);
  await Promise.all(clusters.map((cluster) => cluster.startWorker()));
}, 120_000);

afterAll(async () => {
  await Promise.all([...clusters, source, rtmp, srt].map((each) => each.close()));
}, 60_000);

describe('a capture id that another installation of the machine uses', () => {
  it('is refused with the name of that installation, whose capture loses not one picture', async () => {
    const [here, there] = clusters;
    const first = await NumberedCapture.start(here, source, { rtmp, srt }, { id: NAME, ...HUB_OF_ITS_ID });
    const second = await there.startCapture({
      id: NAME,
      input: { kind: 'ffmpeg', args: ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25'] },
      outputs: [{ name: 'tape', kind: 'record' }],
      ...HUB_OF_ITS_ID,
    });
    const { type, message } = await failureOf(second);
    expect(type).toBe('invalid_pipeline');
    expect(message).toMatch(
      /^the hub 239\.255\.\d+\.\d+:5004 is used by capture\/twin-\S+ \(data folder .*, process \d+\) on this host; give one of the two another `hub`$/,
    );
    expect(message).toContain(`used by capture/${NAME} (data folder ${here.dataDir}, `);

    await sleep(AFTER_REFUSAL_SECONDS * 1_000);
    expect(await first.status()).toMatchObject({ state: 'running', incidentCount: 0 });
    await first.handle.signal('stop');
    await first.handle.result();
    for (const output of ['live', 'srt', 'tape'] as const) {
      const { count, missing, doubled } = await first.delivered(output);
      expect({ output, missing, doubled }).toEqual({ output, missing: [], doubled: 0 });
      expect(count).toBeGreaterThan(AFTER_REFUSAL_SECONDS * FRAMES_PER_SECOND);
    }
    expect(await first.runs()).toEqual({ ingest: 1, live: 1, srt: 1, tape: 1 });
  }, 180_000);
});
