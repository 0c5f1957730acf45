/** A real SRT listener (libsrt, by ffmpeg) and hosts that are none: who is asked as a caller would ask, and who answers. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAwaitSource } from '../../../../activities/resolve/await-source/index.js';
import { until } from '../../../support/cluster.js';
import { startSrtListener } from '../../../support/srt-listener.js';

const awaitSource = createAwaitSource({ logger: { debug: () => undefined }, env: {} });
const ask = (url: string, timeoutMs: number) => awaitSource({ media: { url }, timeoutMs, notBeforeMs: 0 });

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function startListener(options: { passphrase?: string } = {}) {
  const listener = await startSrtListener(options);
  cleanUps.push(() => listener.close());
  return listener;
}

/** A UDP port that does with each datagram what it is told. */
async function startPort(onMessage: (message: Buffer, answer: (reply: Buffer) => void) => void) {
  const socket = createSocket('udp4');
  socket.on('message', (message, { address, port }) => {
    onMessage(message, (reply) => socket.send(reply, port, address));
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  cleanUps.push(() => socket.close());
  return `srt://127.0.0.1:${socket.address().port}`;
}

describe('an SRT listener', () => {
  it.each([
    ['open', {}],
    ['with a passphrase', { passphrase: 'correct-horse' }],
  ])('answers, and is asked again until it is there: %s', async (_title, options) => {
    const listener = await startListener(options);
    const { port } = listener;
    expect(await ask(`srt://localhost:${port}?streamid=x`, 20_000)).toEqual({
      answered: true,
      detail: `an SRT listener answers on port ${port}`,
    });
    await listener.kill();
    expect(await ask(listener.url, 1_500)).toEqual({ answered: false, detail: 'connection refused' });
    const asking = ask(listener.url, 20_000);
    await sleep(1_500);
    await listener.restart();
    expect(await asking).toMatchObject({ answered: true });
  });

  it('still takes its caller, however often it was asked', async () => {
    const listener = await startListener();
    for (let time = 0; time < 20; time += 1) {
      expect(await ask(listener.url, 20_000)).toMatchObject({ answered: true });
    }
    const words = `-v error -re -f lavfi -i testsrc2=size=160x90:rate=25 -t 4 -f mpegts ${listener.url}`;
    const caller = spawn('ffmpeg', words.split(' '), { stdio: 'ignore' });
    const [exitCode] = (await once(caller, 'exit')) as [number];
    expect(exitCode).toBe(0);
    await until(async () => (await listener.recordings()).length > 0, 10_000, 'what the caller sent');
  });
});

describe('a host that is no SRT listener', () => {
  it.each<[string, (message: Buffer, answer: (reply: Buffer) => void) => void]>([
    ['says nothing', () => undefined],
    ['sends back what it gets', (message, answer) => answer(message)],
    ['answers in another protocol', (_message, answer) => answer(Buffer.from('220 ready'))],
    [
      'answers somebody else',
      (message, answer) => {
        const reply = Buffer.from(message);
        reply.writeUInt32BE(message.readUInt32BE(40) + 1, 12);
        answer(reply);
      },
    ],
  ])('does not answer: %s', async (_title, onMessage) => {
    const url = await startPort(onMessage);
    expect(await ask(url, 800)).toEqual({ answered: false, detail: 'the media host is silent' });
  });

  it('is greeted again when a datagram is lost', async () => {
    let count = 0;
    const url = await startPort((message, answer) => {
      count += 1;
      const reply = Buffer.from(message);
      reply.writeUInt32BE(message.readUInt32BE(40), 12);
      if (count === 3) answer(reply);
    });
    expect(await ask(url, 5_000)).toMatchObject({ answered: true });
  });

  it('has a name that nobody knows', async () => {
    expect(await ask('srt://nowhere.invalid:9000', 300)).toMatchObject({ answered: false });
  });
});
