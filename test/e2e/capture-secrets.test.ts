// Goal: a key that is named as `${env:NAME}` is known to the process that needs it and to nobody else. Method: pushes that run, that
// fail and that are refused, an input that is refused; then the key is looked for wherever something is kept or printed.
import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { failureOf, untilTold } from '../support/capture-course.js';
import { Cluster, until, type WorkerProcess } from '../support/cluster.js';
import { startHopelessServers, type HopelessServers } from '../support/hopeless-servers.js';
import { startRtmpServer, type RtmpServer } from '../support/rtmp-server.js';
import { startSrtListener, type SrtListener } from '../support/srt-listener.js';

const KEY = 'k3y-that-nobody-may-see';
const REFERENCE = '${env:HOLDFAST_TEST_STREAM_KEY}';

let cluster: Cluster;
let worker: WorkerProcess;
let rtmp: RtmpServer;
let srt: SrtListener;
let hopeless: HopelessServers;
const handles: WorkflowHandle[] = [];

beforeAll(async () => {
  [cluster, rtmp, srt, hopeless] = await Promise.all([
    Cluster.start({ environment: { HOLDFAST_TEST_STREAM_KEY: KEY } }),
    startRtmpServer(),
    startSrtListener({ passphrase: 'quite-another-passphrase' }),
    startHopelessServers(),
  ]);
  worker = await cluster.startWorker();
  const recovery = { max_retries: 1, retry_delay: '500ms' };
  const pushes = {
    live: rtmp.url(REFERENCE),
    refused: `rtmp://127.0.0.1:9/live/${REFERENCE}`,
    cut: rtmp.refusingUrl(REFERENCE),
    srt: `srt://127.0.0.1:${srt.port}?passphrase=${REFERENCE}`,
    file: `file://${cluster.folder}/${REFERENCE}/x.ts`,
  };
  handles.push(
    await cluster.startCapture({
      id: 'output',
      input: { kind: 'ffmpeg', args: ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25'] },
      encode: { bitrate: '500k', options: { preset: 'ultrafast' } },
      outputs: Object.entries(pushes).map(([name, url]) => ({ name, kind: 'push', url })),
      recovery,
    }),
    await cluster.startCapture({
      id: 'input',
      input: { kind: 'ffmpeg', args: ['-i', `${hopeless.http}/401?key=${REFERENCE}`] },
    }),
    await cluster.startCapture({
      id: 'pipeline',
      input: { kind: 'gstreamer', pipeline: `videotestsrc ${REFERENCE}=1 ! mpegtsmux ! {hub}` },
    }),
  );
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await Promise.all([rtmp.close(), srt.close(), hopeless.close()]);
}, 60_000);

/** Everything that is kept of a workflow, payloads as text. */
async function historyText(handle: WorkflowHandle): Promise<string> {
  return JSON.stringify(await handle.fetchHistory(), (name, value: unknown) =>
    name === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString() : value,
  );
}

/** Names of the programs that show the key to everybody, by their arguments. */
async function programsThatShowTheKey(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const shown = await Promise.all(
    pids.map(async (pid) => {
      const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
      return words.includes(KEY) ? [name.trim()] : [];
    }),
  );
  return shown.flat();
}

describe('a key of a capture', () => {
  it('is used, and shown by no other program than the one that needs it', async () => {
    await until(async () => (await rtmp.recordings(KEY)).length > 0, 60_000, 'a push with the key');
    await cluster.untilState('capture/output', ['running', 'degraded']);
    expect(new Set(await programsThatShowTheKey())).toEqual(new Set(['ffmpeg']));
  }, 90_000);

  it('stays out of history, status, notifications, recordings and log, however it fails', async () => {
    const [output, ...refused] = handles as [WorkflowHandle, ...WorkflowHandle[]];
    for (const handle of refused) await failureOf(handle);
    for (const name of ['refused', 'cut']) await untilTold(cluster, output.workflowId, name, 2);
    for (const name of ['srt', 'file']) await untilTold(cluster, output.workflowId, name, 1);
    const kept = {
      histories: (await Promise.all(handles.map(historyText))).join(''),
      statuses: JSON.stringify(
        await Promise.all(handles.map(({ workflowId }) => cluster.status(workflowId))),
      ),
      notifications: JSON.stringify(await cluster.notifications()),
      log: worker.output,
      shown: (await cluster.cli('show', output.workflowId)).stdout,
    };
    for (const [where, text] of Object.entries(kept)) {
      expect({ where, key: text.includes(KEY) }).toEqual({ where, key: false });
    }
    // The search itself can find something.
    expect(kept.histories.includes(REFERENCE)).toBe(true);
    expect(kept.log).toContain('run ended');
    expect(kept.notifications).toContain('***');
    await output.signal('stop');
    await output.result();
  }, 90_000);
});
