import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startHarness, type Harness } from './support/run-harness.js';

/** The tables of a stream announce audio that begins only later: it must not be missed. */
const execute = promisify(execFile);
let harness: Harness;
let server: Server;

beforeEach(async () => {
  harness = await startHarness();
});

afterEach(async () => {
  server.close();
  await harness.close();
});

async function serveLateAudio(audioFromSeconds: number): Promise<string> {
  const picture = '-f lavfi -i testsrc2=size=320x180:rate=25';
  const sound = `-itsoffset ${audioFromSeconds} -f lavfi -i sine=frequency=440`;
  const coding = '-t 12 -c:v libx264 -preset ultrafast -g 25 -c:a aac -f mpegts pipe:1';
  const { stdout } = await execute('ffmpeg', `-v error ${picture} ${sound} ${coding}`.split(' '), {
    encoding: 'buffer',
    maxBuffer: 64_000_000,
  });
  server = createServer((_request, response) =>
    response.writeHead(200, { 'Content-Type': 'video/mp2t' }).end(stdout),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/late.ts`;
}

describe('a stream whose audio begins late', () => {
  it('is looked at for longer by the next run, and that is no failure', async () => {
    const url = await serveLateAudio(5);
    const first = await harness.start(url, 1);
    expect(await first.finish({ outcome: 'cut' })).toMatchObject({ codecChanged: true });

    harness.forgetEverything();
    const second = await harness.start(url, 2);
    await second.finish();
    const [segment] = (await harness.manifest()).segments;
    const { stdout } = await execute('ffprobe', [
      ...'-v error -show_entries stream=codec_type -of csv=p=0'.split(' '),
      join(harness.folder, segment?.file ?? ''),
    ]);
    expect(new Set(stdout.trim().split(/\s+/))).toEqual(new Set(['audio', 'video']));
    expect(segment?.frames).toBe(300);
  });
});
