/**
 * Goal: who follows a job that is started again after its end sees its new life, without loss or repetition, and never the old one.
 * Method: a real gateway on a real socket, read as raw HTTP; the job behind it is played by hand.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { VIEW_FRESH_MS } from '../../../../client/gateway/jobs/limits.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { askRaw, idsIn, messagesIn } from '../../../support/raw-stream.js';
import { PlayedJob, startStreamGateway, type StreamGateway } from '../../../support/stream-gateway.js';

/** Offset of the last word of the former life. */
const END = 5;

let job: PlayedJob;
let gateway: StreamGateway;

beforeEach(async () => {
  job = new PlayedJob();
  gateway = await startStreamGateway(job);
  job.progress(3).finish('failed');
  const former = await askRaw(`${gateway.url}/api/jobs/played/stream`);
  await former.ended;
  expect(idsIn(former.text())).toEqual([1, 2, 3, 4, END]);
});
afterEach(() => gateway.close());

/** As a job does that is started again: its log goes on, what was before is gone. */
function startAgain(): void {
  job.events = [];
  job.status = 'running';
  job.say({ type: 'status', status: 'pending', message: 'started again' }).progress(1).finish();
}

/** Everything that comes after an event, and the answer. */
async function after(
  lastEventId: number,
): Promise<{ status: number; ids: (number | null)[]; types: unknown[] }> {
  const raw = await askRaw(`${gateway.url}/api/jobs/played/stream`, {
    'last-event-id': String(lastEventId),
  });
  await raw.ended;
  const messages = messagesIn(raw.text());
  return {
    status: raw.status,
    ids: messages.map(({ id }) => id),
    types: messages.map(({ data }) => data.type),
  };
}

describe('the stream of a job that is started again', () => {
  it('goes on for who has read the former life to its end', async () => {
    expect(await after(END)).toMatchObject({ status: 204 });
    startAgain();
    gateway.hub.beginAnew(job.id);
    expect(await after(END)).toEqual({
      status: 200,
      ids: [6, 7, 8, 9],
      types: ['status', 'progress', 'status', 'done'],
    });
  });

  it('tells who has not read it to its end that the rest is gone', async () => {
    startAgain();
    gateway.hub.beginAnew(job.id);
    expect(await after(2)).toEqual({
      status: 200,
      ids: [END, 6, 7, 8, 9],
      types: ['reset', 'status', 'progress', 'status', 'done'],
    });
  });

  it('is the new one soon also where another process has started it again', async () => {
    startAgain();
    await sleep(VIEW_FRESH_MS + 100);
    expect((await after(END)).ids).toEqual([6, 7, 8, 9]);
  });
});
