// Goal: the end of a source that ffmpeg reads itself is told for what it is, as that of one that our reader reads. Method: real
// ffmpeg against connections that are closed in order, RTSP servers that refuse, and a file; the facts go through the classifier.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { classify } from '../../../core/classify/index.js';
import { startBareSource, type BareSource } from '../../support/bare-source.js';
import { startLiveSource, type LiveSource } from '../../support/live-source/index.js';
import { startHarness, until, type Harness, type LiveRun } from './support/run-harness.js';

let show: LiveSource;
let bare: BareSource;
let harness: Harness;
let folder: string;

beforeAll(async () => {
  [show, folder] = await Promise.all([startLiveSource(), mkdtemp(join(tmpdir(), 'holdfast-bare-'))]);
  bare = await startBareSource(show.urls.ts);
});
afterEach(() => harness.close());
afterAll(async () => {
  await bare.close();
  await show.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(url: string): Promise<LiveRun> {
  harness = await startHarness();
  return await harness.start(url, 1);
}

/** What custody makes of the end of a run. */
async function verdictOf(run: LiveRun): Promise<string> {
  const evidence = await run.finish();
  const text = await readFile(run.watched.paths.stderrFile, 'utf8');
  return classify({ exitCode: run.endFacts().exitCode, exitSignal: null, text, ...evidence }).cause;
}

describe('a bare connection', () => {
  it('that is closed in order is a lost connection: a live show has no end of its own', async () => {
    const run = await start(bare.url);
    await until(async () => (await harness.files()).length > 0);
    expect(bare.fin()).toBe(1);
    await run.ended();
    expect(run.endFacts().exitCode).toBe(0);
    expect(await verdictOf(run)).toBe('network_disconnect');
  });

  it('that is closed before anything came is one, too', async () => {
    bare.isEmpty = true;
    const run = await start(bare.url);
    expect(await verdictOf(run)).toBe('network_disconnect');
    bare.isEmpty = false;
  });
});

describe('an RTSP server', () => {
  it.each([
    ['403 Forbidden', 'url_expired'],
    ['404 Not Found', 'url_expired'],
    ['401 Unauthorized', 'url_expired'],
  ])('that answers %s is told of as HTTP servers are: %s', async (status, cause) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (request: Buffer) => {
        const sequence = /CSeq: (\d+)/i.exec(request.toString())?.[1] ?? '1';
        const isQuestion = request.toString().startsWith('OPTIONS');
        socket.write(`RTSP/1.0 ${isQuestion ? '200 OK' : status}\r\nCSeq: ${sequence}\r\n\r\n`);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const run = await start(`rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/camera`);
    expect(await verdictOf(run)).toBe(cause);
    server.close();
  });
});

describe('a file', () => {
  it.each(['file:', ''])(
    'comes to an end of its own, and nobody has lost a connection: %sPATH',
    async (prefix) => {
      const file = join(folder, `short${prefix.length}.ts`);
      const words = `-v error -f lavfi -i testsrc2=size=160x90:rate=25 -t 2 ${file}`;
      await promisify(execFile)('ffmpeg', words.split(' '));
      const run = await start(`${prefix}${file}`);
      await run.ended();
      expect(run.endFacts().exitCode).toBe(0);
      expect(await verdictOf(run)).toBe('unknown');
    },
  );
});
