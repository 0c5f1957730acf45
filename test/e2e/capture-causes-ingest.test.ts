// Goal: every cause with which an ingest can end is answered as the table of causes says: pauses, attempts, words, states, failure.
// Method: one capture for each cause, all at the same time; real failures, and where this machine cannot fail in that way a program
// that behaves like ffmpeg (test/fixtures/capture-programs). Of `url_expired` there is no case: a capture has no address that expires.
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { projectRoot } from '../../activities/custody/project-root.js';
import { MEDIA_CAUSES, type MediaCause } from '../../core/causes.js';
import { Cluster } from '../support/cluster.js';
import { courseOf, failureOf, statesOf } from '../support/capture-course.js';
import { startHopelessServers, type HopelessServers } from '../support/hopeless-servers.js';

const PROGRAMS = join(projectRoot(), 'test/fixtures/capture-programs');
/** The slowest case fails four times, 5 s apart, after a silence each time; side by side with all others on a busy machine. */
const END_TIMEOUT_MS = 150_000;

interface Case {
  readonly cause: MediaCause;
  readonly input: (servers: HopelessServers, folder: string) => object;
  /** Further keys of the capture. */
  readonly more?: object;
  /** Seconds before each attempt. */
  readonly pauses: readonly number[];
  /** What the evidence must name. */
  readonly detail: RegExp;
}

const ffmpeg = (...args: string[]) => ({ kind: 'ffmpeg', args });
const scene = (name: string) => () => ffmpeg('-i', `scenes/${name}`);
const gstreamer = (pipeline: string) => () => ({ kind: 'gstreamer', pipeline });
const refused = () => ffmpeg('-i', 'tcp://127.0.0.1:9');
const picture = () => ffmpeg('-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25');

const TRANSIENT: Record<string, Case> = {
  'refused-connection': {
    cause: 'network_disconnect',
    input: refused,
    pauses: [5, 5, 5],
    detail: /Connection refused/,
  },
  'silent-source': {
    cause: 'stream_timeout',
    input: ({ silent }) => ffmpeg('-i', `tcp://${silent}`),
    more: { stall_timeout: '2s' },
    pauses: [5, 5, 5],
    detail: /no progress for \d/,
  },
  'server-error': {
    cause: 'http_error',
    input: ({ http }) => ffmpeg('-i', `${http}/500`),
    pauses: [5, 5, 5],
    detail: /5XX|500/,
  },
  'nobody-publishes': {
    cause: 'not_live',
    input: ({ http }) => ffmpeg('-i', `${http}/404`),
    pauses: [5, 5, 5],
    detail: /404/,
  },
  'sound-overrun': {
    cause: 'buffer_underrun',
    input: scene('alsa-xrun'),
    pauses: [1, 1, 1],
    detail: /xrun|Broken pipe/,
  },
  'busy-device': {
    cause: 'encoder_hiccup',
    input: scene('camera-busy'),
    pauses: [5, 5],
    detail: /Device or resource busy/,
  },
  'full-encoder': {
    cause: 'encoder_hiccup',
    input: scene('encoder-session-full'),
    pauses: [5, 5],
    detail: /out of memory/,
  },
  'segmentation-fault': {
    cause: 'crashed',
    input: scene('segfault'),
    pauses: [5, 5, 5],
    detail: /SIGSEGV/,
  },
  killed: { cause: 'crashed', input: scene('killed'), pauses: [5, 5, 5], detail: /SIGKILL/ },
  unexplained: { cause: 'unknown', input: scene('gibberish'), pauses: [5, 5, 5], detail: /flux capacitor/ },
  'one-retry': {
    cause: 'network_disconnect',
    input: refused,
    more: { recovery: { max_retries: 1, retry_delay: 2 } },
    pauses: [2],
    detail: /Connection refused/,
  },
  'own-rule-for-a-cause': {
    cause: 'crashed',
    input: scene('segfault'),
    more: { recovery: { max_retries: 9, causes: { crashed: { max_retries: 2, retry_delay: '500ms' } } } },
    pauses: [0.5, 0.5],
    detail: /SIGSEGV/,
  },
};

const FATAL: Record<string, Case> = {
  'missing-device': {
    cause: 'device_not_found',
    input: () => ({ kind: 'v4l2', device: '/dev/video77' }),
    pauses: [],
    // Said by ffmpeg, or by the look at the device node where that was quick enough.
    detail: /\/dev\/video77.*No such file|the capture device is not there/,
  },
  'vaapi-without-hardware': {
    cause: 'encoder_failure',
    input: picture,
    more: { encode: { video: 'h264_vaapi' } },
    pauses: [],
    detail: /vaapi|VA display|device/i,
  },
  'vaapi-that-breaks': {
    cause: 'encoder_failure',
    input: scene('vaapi-breaks'),
    pauses: [],
    detail: /Failed to end picture encode/,
  },
  'unknown-encoder': {
    cause: 'invalid_pipeline',
    input: picture,
    more: { encode: { video: 'libx999' } },
    pauses: [],
    detail: /Unknown encoder 'libx999'/,
  },
  'unknown-option': {
    cause: 'invalid_pipeline',
    input: () => ffmpeg('-no_such_option', '1', '-f', 'lavfi', '-i', 'testsrc2'),
    pauses: [],
    detail: /no_such_option/,
  },
  'missing-element': {
    cause: 'invalid_pipeline',
    input: gstreamer('videotestsrc ! nosuchenc ! mpegtsmux ! {hub}'),
    pauses: [],
    detail: /no element "nosuchenc"/,
  },
  'wrong-property': {
    cause: 'invalid_pipeline',
    input: gstreamer('videotestsrc colour=blue ! x264enc ! mpegtsmux ! {hub}'),
    pauses: [],
    detail: /no property "colour"/,
  },
  'wrong-syntax': {
    cause: 'invalid_pipeline',
    input: gstreamer('videotestsrc ! ! x264enc ! mpegtsmux ! {hub}'),
    pauses: [],
    detail: /syntax|erroneous pipeline/,
  },
  'pipeline-that-does-not-fit': {
    cause: 'invalid_pipeline',
    input: gstreamer(
      'videotestsrc ! jpegenc ! decodebin ! video/x-raw,format=RGB ! x264enc ! mpegtsmux ! {hub}',
    ),
    pauses: [],
    detail: /streaming stopped, reason not-/,
  },
  'refused-by-mode': {
    cause: 'permission_denied',
    input: (_servers, folder) => ffmpeg('-i', join(folder, 'scenes/as-nobody.ts')),
    pauses: [],
    detail: /Permission denied/,
  },
  'wrong-login': {
    cause: 'unauthorized',
    input: ({ http }) => ffmpeg('-i', `${http}/401`),
    pauses: [],
    detail: /401/,
  },
  'no-automatic-restart': {
    cause: 'network_disconnect',
    input: refused,
    more: { recovery: { auto_restart: false } },
    pauses: [],
    detail: /Connection refused/,
  },
};

let cluster: Cluster;
let servers: HopelessServers;
const handles = new Map<string, WorkflowHandle>();

beforeAll(async () => {
  const PATH = [PROGRAMS, process.env['PATH']].join(delimiter);
  [cluster, servers] = await Promise.all([Cluster.start({ environment: { PATH } }), startHopelessServers()]);
  await cluster.startWorker();
  await mkdir(join(cluster.folder, 'scenes'));
  await writeFile(join(cluster.folder, 'scenes/as-nobody.ts'), 'nothing', { mode: 0 });
  for (const [id, { input, more }] of Object.entries({ ...TRANSIENT, ...FATAL })) {
    const outputs = [{ name: 'tape', kind: 'record' }];
    const entry = { id, input: input(servers, cluster.folder), outputs, ...more };
    handles.set(id, await cluster.startCapture(entry));
  }
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await servers.close();
}, 60_000);

/** Waits for the end of a case and checks what all of them have in common. */
async function courseOfCase(id: string, { cause, detail, pauses }: Case) {
  const handle = handles.get(id) as WorkflowHandle;
  const failure = await failureOf(handle);
  expect({ id, ...failure }).toEqual({ id, type: cause, message: expect.stringMatching(detail) });
  expect(failure.message).not.toMatch(/[\n\r]/);
  const course = await courseOf(cluster, `capture/${id}`, 'ingest', detail);
  expect(course.pauses).toEqual(pauses);
  expect(course.incidents.map((incident) => incident.cause)).toEqual(Array(pauses.length + 1).fill(cause));
  expect(await cluster.status(`capture/${id}`)).toMatchObject({
    state: 'error',
    detail: `${cause}: ${failure.message}`,
    branches: [
      { name: 'ingest', state: 'error', run: pauses.length + 1, attempt: pauses.length },
      { name: 'tape', state: 'stopped' },
    ],
  });
  return { handle, failure, course };
}

describe('a transient failure of the ingest', () => {
  it.each(Object.entries(TRANSIENT))(
    'is retried as often and as far apart as its cause says: %s',
    async (id, expected) => {
      const { handle, course } = await courseOfCase(id, expected);
      const attempts = expected.pauses.length;
      expect(course.told).toEqual([
        'info: Connection lost, retrying...',
        `error: Failed after ${attempts} attempt${attempts === 1 ? '' : 's'}`,
      ]);
      expect(course.summaries).toEqual(
        expected.pauses.map((_pause, index) =>
          expect.stringMatching(
            new RegExp(`^ingest: retrying ${index + 1}/${attempts}, next attempt \\d\\d:\\d\\d:\\d\\dZ, .`),
          ),
        ),
      );
      expect(course.incidents.at(-1)?.action).toMatch(new RegExp(`^given up after ${attempts} attempt`));
      expect(await statesOf(handle)).toEqual(['starting', 'retrying', 'error']);
    },
    END_TIMEOUT_MS,
  );
});

describe('a fatal failure of the ingest', () => {
  it.each(Object.entries(FATAL))(
    'ends the capture with its own words, without a retry: %s',
    async (id, expected) => {
      const { handle, failure, course } = await courseOfCase(id, expected);
      const { description } = MEDIA_CAUSES[expected.cause];
      expect(course.told).toEqual([`error: ${description} ${failure.message}`]);
      expect(course.incidents.map(({ action }) => action)).toEqual(['given up']);
      expect(await statesOf(handle)).toEqual(['starting', 'error']);
    },
    END_TIMEOUT_MS,
  );
});
