// Goal: every cause with which an output can end is answered as the table of causes says, on that output alone: its neighbours do not
// even notice. Method: one capture whose outputs fail in as many ways at the same time, beside one that must not; servers that refuse,
// reset and keep silent, a disk without room, a folder without access, and programs that behave like ffmpeg where this machine cannot.
// Of `url_expired` and `not_live` there is no case: nothing is asked for the address of an output. An output waits for the signal and
// for the host together with its capture (capture-signal-causes, waiting-host).
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { projectRoot } from '../../activities/custody/project-root.js';
import { MEDIA_CAUSES, type MediaCause } from '../../core/causes.js';
import { courseOf, failureOf, statesOf, untilTold } from '../support/capture-course.js';
import { Cluster } from '../support/cluster.js';
import { freePort } from '../support/free-port.js';
import { startHopelessServers, type HopelessServers } from '../support/hopeless-servers.js';
import { packetTimes, stepsMs } from '../support/packet-times.js';
import { startRtmpServer, type RtmpServer } from '../support/rtmp-server.js';
import { startSrtListener, type SrtListener } from '../support/srt-listener.js';

const PROGRAMS = join(projectRoot(), 'test/fixtures/capture-programs');
/** The slowest case fails four times, 5 s apart, after a silence each time; side by side with all others on a busy machine. */
const END_TIMEOUT_MS = 150_000;
const REFUSED = 'rtmp://127.0.0.1:9/live/x';
const scene = (name: string) => () => `rtmp://127.0.0.1:9/scenes/${name}`;

const PICTURES_PER_SECOND = 25;
const PICTURE = {
  kind: 'ffmpeg',
  args: ['-re', '-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=${PICTURES_PER_SECOND}`],
};

interface Servers {
  readonly rtmp: RtmpServer;
  readonly srt: SrtListener;
  readonly hopeless: HopelessServers;
  readonly unusedPort: number;
}

interface Case {
  readonly cause: MediaCause;
  readonly url: (servers: Servers, folder: string) => string;
  readonly more?: object;
  /** Seconds before each attempt. */
  readonly pauses: readonly number[];
  /** What the evidence must name. */
  readonly detail: RegExp;
  /** The one notification where the cause has a text of its own. */
  readonly told?: string;
}

const CASES: Record<string, Case> = {
  refused: {
    cause: 'network_disconnect',
    url: () => REFUSED,
    pauses: [5, 5, 5],
    detail: /127\.0\.0\.1:9\b.* refused/,
  },
  reset: {
    cause: 'network_disconnect',
    url: ({ hopeless }) => `rtmp://${hopeless.resetting}/live/x`,
    pauses: [5, 5, 5],
    detail: /reset|handshake/i,
  },
  silent: {
    cause: 'stream_timeout',
    url: ({ hopeless }) => `rtmp://${hopeless.silent}/live/x`,
    pauses: [5, 5, 5],
    detail: /no progress for \d/,
  },
  'srt-nobody': {
    cause: 'network_disconnect',
    url: ({ unusedPort }) => `srt://127.0.0.1:${unusedPort}`,
    pauses: [5, 5, 5],
    detail: /srt:\/\/127\S+ failed/,
  },
  overrun: {
    cause: 'buffer_underrun',
    url: scene('hub-overrun'),
    pauses: [1, 1, 1],
    detail: /Circular buffer overrun/,
  },
  'front-without-server': {
    cause: 'http_error',
    url: scene('gateway-timeout'),
    pauses: [5, 5, 5],
    detail: /504|5XX/,
  },
  'busy-sink': {
    cause: 'encoder_hiccup',
    url: scene('sink-busy'),
    pauses: [5, 5],
    detail: /Device or resource busy/,
  },
  'sink-unplugged': {
    cause: 'device_not_found',
    url: scene('sink-gone'),
    pauses: [],
    detail: /No such device/,
  },
  'encoder-breaks': {
    cause: 'encoder_failure',
    url: scene('vaapi-breaks'),
    pauses: [],
    detail: /Failed to end picture encode/,
  },
  segfault: { cause: 'crashed', url: scene('segfault'), pauses: [5, 5, 5], detail: /SIGSEGV/ },
  killed: { cause: 'crashed', url: scene('killed'), pauses: [5, 5, 5], detail: /SIGKILL/ },
  unexplained: { cause: 'unknown', url: scene('gibberish'), pauses: [5, 5, 5], detail: /flux capacitor/ },
  'own-budget': {
    cause: 'network_disconnect',
    url: () => 'rtmp://127.0.0.1:7/live/x',
    more: { recovery: { max_retries: 1, retry_delay: '1.5s' } },
    pauses: [1.5],
    detail: /127\.0\.0\.1:7\b.* refused/,
  },
  'no-restart': {
    cause: 'network_disconnect',
    url: () => 'rtmp://127.0.0.1:8/live/x',
    more: { recovery: { auto_restart: false } },
    pauses: [],
    detail: /127\.0\.0\.1:8\b.* refused/,
  },
  // nginx asks a web server, hears 403 and closes the connection without a word: nobody could tell that from a loss.
  'cut-by-the-server': {
    cause: 'network_disconnect',
    url: ({ rtmp }) => rtmp.refusingUrl('x'),
    pauses: [5, 5, 5],
    detail: /rtmp:\/\/127\S+ Input\/output error/,
  },
  'key-refused': {
    cause: 'unauthorized',
    url: scene('publish-denied'),
    pauses: [],
    detail: /Publishing denied: invalid stream key/,
  },
  'wrong-passphrase': {
    cause: 'unauthorized',
    url: ({ srt }) => `srt://127.0.0.1:${srt.port}?passphrase=not-the-right-one`,
    pauses: [],
    detail: /Incorrect passphrase/,
  },
  'short-passphrase': {
    cause: 'invalid_pipeline',
    url: ({ unusedPort }) => `srt://127.0.0.1:${unusedPort}?passphrase=short`,
    pauses: [],
    detail: /PASSPHRASE.*Bad parameters/,
  },
  'no-key': {
    cause: 'invalid_pipeline',
    url: () => 'rtmp://127.0.0.1:9/live/${env:HOLDFAST_TEST_NO_SUCH_KEY}',
    pauses: [],
    detail: /HOLDFAST_TEST_NO_SUCH_KEY is not set/,
  },
  locked: {
    cause: 'permission_denied',
    url: (_servers, folder) => `file://${folder}/scenes/as-nobody.ts`,
    pauses: [],
    detail: /denied/i,
  },
  full: {
    cause: 'storage_full',
    url: () => 'file:///dev/full',
    pauses: [],
    detail: /No space left/,
    told: 'warning: Output full stopped: storage full, streaming continues',
  },
  gone: {
    cause: 'read_only_storage',
    url: (_servers, folder) => `file://${folder}/no/such/folder/x.ts`,
    pauses: [],
    detail: /no\/such\/folder/,
    told: 'warning: Output gone stopped: read only storage, streaming continues',
  },
};

let cluster: Cluster;
let servers: Servers;
let handle: WorkflowHandle;

beforeAll(async () => {
  const PATH = [PROGRAMS, process.env['PATH']].join(delimiter);
  const [started, rtmp, srt, hopeless, unusedPort] = await Promise.all([
    Cluster.start({ environment: { PATH } }),
    startRtmpServer(),
    startSrtListener({ passphrase: 'the-right-passphrase' }),
    startHopelessServers(),
    freePort(),
  ]);
  cluster = started;
  servers = { rtmp, srt, hopeless, unusedPort };
  await cluster.startWorker();
  await mkdir(join(cluster.folder, 'scenes'), { mode: 0o500 });
  const failing = Object.entries(CASES).map(([name, { url, more }]) => ({
    name,
    kind: 'push',
    url: url(servers, cluster.folder),
    ...more,
  }));
  handle = await cluster.startCapture({
    id: 'many',
    input: PICTURE,
    encode: { bitrate: '500k', options: { preset: 'ultrafast' } },
    // libsrt gives up after 3 s by itself: less than a stall on a busy machine too, or the run would end for another cause.
    stall_timeout: '8s',
    outputs: [
      ...failing,
      { name: 'live', kind: 'push', url: rtmp.url('live') },
      { name: 'tape', kind: 'record', segment: '5s' },
    ],
  });
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await Promise.all([servers.rtmp.close(), servers.srt.close(), servers.hopeless.close()]);
}, 60_000);

/** What people are told of a case, from the first loss to the end. */
function expectedWords({ cause, pauses, told }: Case): unknown[] {
  if (told !== undefined) return [told];
  if (pauses.length === 0) return [expect.stringContaining(`error: ${MEDIA_CAUSES[cause].description} `)];
  const attempts = `${pauses.length} attempt${pauses.length === 1 ? '' : 's'}`;
  return ['info: Connection lost, retrying...', `error: Failed after ${attempts}`];
}

describe('a failure of one output', () => {
  it.each(Object.entries(CASES))(
    'is answered as its cause says: %s',
    async (name, expected) => {
      const words = expectedWords(expected);
      expect(await untilTold(cluster, 'capture/many', name, words.length, END_TIMEOUT_MS)).toEqual(words);
      const course = await courseOf(cluster, 'capture/many', name, /./);
      expect(course.summaries).toEqual(expected.pauses.map(() => expect.stringMatching(expected.detail)));
      const status = await cluster.status('capture/many');
      const branch = status.branches.find((candidate) => candidate.name === name);
      expect(branch).toMatchObject({
        state: expected.told === undefined ? 'error' : 'stopped',
        run: expected.pauses.length + 1,
        detail: expect.stringMatching(new RegExp(`^${expected.cause}: .*${expected.detail.source}`, 'i')),
      });
      expect(branch?.detail).not.toMatch(/[\n\r]|\[error\]/);
      expect(course.pauses).toEqual(expected.pauses);
      expect(status.state).toBe('degraded');
    },
    END_TIMEOUT_MS,
  );

  it('takes nothing from its neighbours', async () => {
    const { branches } = await cluster.status('capture/many');
    const neighbours = ['ingest', 'live', 'tape'];
    expect(branches.filter(({ name }) => neighbours.includes(name))).toMatchObject(
      neighbours.map((name) => ({ name, state: 'running', run: 1 })),
    );
    await handle.signal('stop');
    expect(await handle.result()).toMatchObject({ state: 'stopped', runs: { live: 1, tape: 1 } });
    // Whether it was ever running depends on who is first: the ingest or the first output to fail.
    const states = (await statesOf(handle)).filter((state) => state !== 'running');
    expect(states).toEqual(['starting', 'degraded', 'stopping', 'stopped']);
    expect(await servers.rtmp.recordings('live')).toHaveLength(1);
    const lines = await cluster.manifest('capture/many', 'tape');
    expect(new Set(lines.map(({ type }) => type))).toEqual(new Set(['segment']));
    // By the pictures' own times: the manifest's are those of their arrival, which a busy machine delays.
    const folder = cluster.recordingFolder('capture/many', 'tape');
    const times = await Promise.all(lines.map(({ file = '' }) => packetTimes(join(folder, file))));
    expect(times.map(({ length }) => length)).toEqual(lines.map(({ frames }) => frames));
    expect(new Set(stepsMs(times.flat()))).toEqual(new Set([1_000 / PICTURES_PER_SECOND]));
  }, 60_000);
});

describe('a capture whose outputs are all gone', () => {
  it('ends with the cause of the last one', async () => {
    const all = await cluster.startCapture({
      id: 'none-left',
      input: PICTURE,
      outputs: [
        { name: 'at-once', kind: 'push', url: 'rtmp://127.0.0.1:9/live/${env:HOLDFAST_TEST_NO_SUCH_KEY}' },
        {
          name: 'later',
          kind: 'push',
          url: scene('publish-denied')(),
          recovery: { max_retries: 0 },
        },
      ],
    });
    expect(await failureOf(all)).toEqual({
      type: 'unauthorized',
      message: 'Server error: Publishing denied: invalid stream key',
    });
    const status = await cluster.status('capture/none-left');
    expect(status).toMatchObject({
      state: 'error',
      branches: [{ name: 'ingest', state: 'stopped' }, {}, {}],
    });
    expect((await statesOf(all)).at(-1)).toBe('error');
  }, 60_000);
});
