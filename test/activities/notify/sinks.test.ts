/**
 * Goal: one attempt of each sink does what its documentation says, whatever the other side does.
 * Method: a real HTTP server and real programs that answer, stall, refuse and fail.
 */
import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { readProcessStat } from '../../../activities/custody/process-info.js';
import { createSender } from '../../../activities/notify/sinks/index.js';
import { sinkSchema, type SinkConfig } from '../../../core/config/notify.js';
import { notification } from '../../support/stores.js';
import { startWebhookServer, type WebhookServer } from '../../support/webhook-server.js';
import { until } from '../custody/bench.js';

const env = { PATH: process.env['PATH'], HOOK_KEY: 'k3y-of-the-hook', HOOK_TOKEN: 't0ken/with?odd&signs' };
const never = new AbortController().signal;
const silent = pino({ level: 'silent' });

function sender(config: Record<string, unknown>) {
  const parsed: SinkConfig = sinkSchema.parse(config);
  return createSender(parsed, { env, logger: silent });
}

describe('the webhook sink', () => {
  let server: WebhookServer;
  beforeEach(async () => {
    server = await startWebhookServer();
  });
  afterEach(() => server.close());

  it('posts the facts as JSON with the id as idempotency key', async () => {
    const sent = notification('stream/alice:run:7');
    expect(await sender({ sink: 'webhook', url: server.url })(sent, never)).toEqual({ outcome: 'delivered' });
    expect(server.received).toHaveLength(1);
    expect(server.received[0]?.headers['idempotency-key']).toBe('stream/alice:run:7');
    expect(server.received[0]?.headers['content-type']).toContain('application/json');
    expect(JSON.parse(server.received[0]?.body ?? '')).toEqual(sent);
  });

  it('signs the body when it has a secret and expands secrets only at use', async () => {
    const send = sender({
      sink: 'webhook',
      url: server.url,
      secret: '${env:HOOK_KEY}',
      headers: { Authorization: 'Bearer ${env:HOOK_TOKEN}' },
    });
    await send(notification('a'), never);
    const hook = server.received[0];
    const expected = createHmac('sha256', env.HOOK_KEY)
      .update(hook?.body ?? '')
      .digest('hex');
    expect(hook?.headers['x-holdfast-signature']).toBe(`sha256=${expected}`);
    expect(hook?.headers.authorization).toBe(`Bearer ${env.HOOK_TOKEN}`);
  });

  it('tells the status and the wait that a server asks for', async () => {
    server.answer = (response) => response.writeHead(429, { 'Retry-After': '17' }).end('slow\ndown');
    expect(await sender({ sink: 'webhook', url: server.url })(notification('a'), never)).toEqual({
      outcome: 'failed',
      error: 'HTTP 429 slow down',
      retryAfterMs: 17_000,
    });
  });

  it('does not follow a redirect: the notification would go elsewhere', async () => {
    server.answer = (response) => response.writeHead(302, { Location: '/elsewhere' }).end();
    const result = await sender({ sink: 'webhook', url: server.url })(notification('a'), never);
    expect(result).toEqual({ outcome: 'failed', error: 'HTTP 302' });
    expect(server.received).toHaveLength(1);
  });

  it('gives up on a server that does not answer in time', async () => {
    server.answer = () => undefined;
    const result = await sender({ sink: 'webhook', url: server.url, timeout: '200ms' })(
      notification('a'),
      never,
    );
    expect(result).toEqual({ outcome: 'failed', error: 'no answer in time' });
  });

  it('gives up on an error page that never ends', async () => {
    server.answer = (response) => {
      response.writeHead(500);
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    };
    const result = await sender({ sink: 'webhook', url: server.url, timeout: '300ms' })(
      notification('a'),
      never,
    );
    expect(result).toMatchObject({ outcome: 'failed' });
  });

  it('tells a refused connection, and a missing secret by name, without printing secrets', async () => {
    const refused = await sender({ sink: 'webhook', url: 'http://127.0.0.1:1/${env:HOOK_TOKEN}' })(
      notification('a'),
      never,
    );
    expect(refused).toMatchObject({ outcome: 'failed' });
    expect(JSON.stringify(refused)).not.toContain(env.HOOK_TOKEN);
    const missing = await sender({ sink: 'webhook', url: '${env:NOT_SET_ANYWHERE}' })(
      notification('a'),
      never,
    );
    expect(JSON.stringify(missing)).toContain('NOT_SET_ANYWHERE');
  });
});

describe('the command sink', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'holdfast-command-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const shell = (script: string, more: Record<string, unknown> = {}) =>
    sender({ sink: 'command', argv: ['sh', '-c', script], ...more });

  it('gives the notification on stdin and its facts in the environment', async () => {
    const file = join(directory, 'facts');
    const script = `cat > ${file}.json; printf '%s|%s|%s' "$HOLDFAST_LEVEL" "$HOLDFAST_INSTANCE" "$HOLDFAST_CAUSE" > ${file}.env`;
    expect(await shell(script)(notification('a'), never)).toEqual({ outcome: 'delivered' });
    expect(JSON.parse(await readFile(`${file}.json`, 'utf8'))).toEqual(notification('a'));
    expect(await readFile(`${file}.env`, 'utf8')).toBe('info|stream/alice|network_disconnect');
  });

  it('counts a program that does not read its input as delivered when it exits with 0', async () => {
    expect(await shell('exit 0')(notification('a', { detail: 'x'.repeat(200_000) }), never)).toEqual({
      outcome: 'delivered',
    });
  });

  it('tells the exit status and the last words of a program that fails', async () => {
    expect(await shell('echo first >&2; echo last words >&2; exit 3')(notification('a'), never)).toEqual({
      outcome: 'failed',
      error: 'exit status 3: last words',
    });
  });

  it('ends a program that takes too long, with what it has started', async () => {
    const file = join(directory, 'pid');
    const result = await shell(`sleep 300 & echo $! > ${file}; trap '' TERM; wait; sleep 300`, {
      timeout: '500ms',
    })(notification('a'), never);
    expect(result).toEqual({ outcome: 'failed', error: 'not done after 500 ms' });
    const pid = Number(await readFile(file, 'utf8'));
    expect(pid).toBeGreaterThan(1);
    await until('what it has started is gone, too', () => (readProcessStat(pid)?.state ?? 'Z') === 'Z');
  });

  it('does not wait for what a program leaves running in the background', async () => {
    const startedAt = Date.now();
    expect(await shell('sleep 20 & exit 0')(notification('a'), never)).toEqual({ outcome: 'delivered' });
    expect(Date.now() - startedAt).toBeLessThan(15_000);
  });

  it('survives a program that floods stderr', async () => {
    expect(await shell('head -c 50000000 /dev/zero >&2; exit 0')(notification('a'), never)).toEqual({
      outcome: 'delivered',
    });
  });

  it('tells when the program is not there', async () => {
    const result = await sender({ sink: 'command', argv: ['/nowhere/notify'] })(notification('a'), never);
    expect(result).toMatchObject({ outcome: 'failed' });
    expect(JSON.stringify(result)).toContain('ENOENT');
  });
});

describe('the log sink', () => {
  it('writes one structured line at the level of the notification', async () => {
    const lines: string[] = [];
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(chunk.toString());
        done();
      },
    });
    const send = createSender(sinkSchema.parse({ sink: 'log' }), { env, logger: pino(stream) });
    await send(notification('a', { level: 'warning', message: 'HDMI signal lost, waiting...' }), never);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 40,
      msg: 'stream/alice: HDMI signal lost, waiting...',
      notification: { id: 'a', instance: 'stream/alice' },
    });
  });
});
