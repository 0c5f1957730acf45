/**
 * Goal: a mail is handed over once to every recipient who may get it, whatever the server does, and says why not.
 * Method: a real SMTP server that takes, stalls, defers, refuses and asks for a password; servers that only listen.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { SMTPServerOptions } from 'smtp-server';
import { announcementMessage, createSender } from '../../../../activities/notify/sinks/index.js';
import { sinkSchema } from '../../../../core/config/notify.js';
import { refusal, startMailServer, type MailServer } from '../../../support/mail-server.js';
import { notification } from '../../../support/stores.js';

const never = new AbortController().signal;
const logger = pino({ level: 'silent' });
const env = { MAIL_PASSWORD: 'corr3ct-horse' };

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function serve(options: SMTPServerOptions = {}): Promise<MailServer> {
  const server = await startMailServer(options);
  open.push(server);
  return server;
}

/** A server that speaks as little SMTP as a test wants. */
async function listen(onConnection: (socket: Socket) => void): Promise<{ host: string; port: number }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

function sender({ host, port }: { host: string; port: number }, more: Record<string, unknown> = {}) {
  const config = sinkSchema.parse({
    sink: 'email',
    url: `smtp://${host}:${port}`,
    starttls: 'never',
    from: 'Holdfast <holdfast@example.org>',
    to: ['ann@example.org', 'Bob <bob@example.org>'],
    timeout: '20s',
    ...more,
  });
  return createSender(config, { env, logger });
}

describe('the email sink', () => {
  it('sends the facts as plain text to every recipient, with an id that stays the same', async () => {
    const server = await serve();
    const failed = notification('stream/alice:run:7', { level: 'error', message: 'Failed after 3 attempts' });
    expect(await sender(server)(failed, never)).toEqual({ outcome: 'delivered' });
    expect(await sender(server)(failed, never)).toEqual({ outcome: 'delivered' });
    const [first, second] = server.received;
    expect(first).toMatchObject({ from: 'holdfast@example.org', to: ['ann@example.org', 'bob@example.org'] });
    expect(first?.text).toContain('Subject: [holdfast] error: stream/alice: Failed after 3 attempts');
    expect(first?.text).toContain('Auto-Submitted: auto-generated');
    expect(first?.text).toContain('Content-Type: text/plain');
    const idOf = (text: string | undefined) => /^Message-ID: (<.+>)\r?$/im.exec(text ?? '')?.[1];
    expect(idOf(first?.text)).toMatch(/^<[0-9a-f]{32}@/);
    expect(idOf(second?.text)).toBe(idOf(first?.text));
  });

  it('lets no title add a header or a recipient', async () => {
    const server = await serve();
    const title = 'News\r\nBcc: eve@example.org\r\n\r\nbody';
    const item = { title, url: null, published: null, summary: null };
    const news = { id: 'n', instance: 'source/news', text: title, time: '2026-01-02T03:04:05.000Z', item };
    expect(await sender(server)(announcementMessage(news), never)).toEqual({ outcome: 'delivered' });
    const { to, text = '' } = server.received[0] ?? {};
    expect(to).toEqual(['ann@example.org', 'bob@example.org']);
    const head = text.slice(0, text.search(/\r?\n\r?\n/));
    expect(head).toContain('Subject: [holdfast] source/news: News Bcc: eve@example.org body');
    expect(head).not.toMatch(/^Bcc:/im);
  });

  it('signs in with a secret', async () => {
    const seen: string[] = [];
    const server = await serve({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) => {
        seen.push(`${username}:${password}`);
        done(null, { user: username });
      },
    });
    const login = { user: 'holdfast', password: '${env:MAIL_PASSWORD}' };
    expect(await sender(server, login)(notification('a'), never)).toEqual({ outcome: 'delivered' });
    expect(seen).toEqual(['holdfast:corr3ct-horse']);
  });

  it('is refused for good with a wrong password, without showing it', async () => {
    const server = await serve({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ password }, _session, done) => done(refusal(535, `${password} is not your password`)),
    });
    const login = { user: 'holdfast', password: '${env:MAIL_PASSWORD}' };
    const result = await sender(server, login)(notification('a'), never);
    expect(result).toEqual({ outcome: 'refused', error: '535 *** is not your password' });
  });

  it('is refused for good by a 5xx to all recipients or to the mail', async () => {
    const strict = await serve({ onRcptTo: (_to, _session, done) => done(refusal(550, 'no such user')) });
    expect(await sender(strict)(notification('a'), never)).toEqual({
      outcome: 'refused',
      error: '550 no such user',
    });
    const full = await serve({
      onData: (stream, _session, done) => {
        stream.resume();
        stream.on('end', () => done(refusal(552, 'message too large')));
      },
    });
    expect(await sender(full)(notification('a'), never)).toEqual({
      outcome: 'refused',
      error: '552 message too large',
    });
  });

  it('may be tried again after a 4xx', async () => {
    const busy = await serve({ onMailFrom: (_from, _session, done) => done(refusal(451, 'try later')) });
    expect(await sender(busy)(notification('a'), never)).toEqual({
      outcome: 'failed',
      error: '451 try later',
    });
  });

  it('tries only those again who were put off, and gives nobody a mail twice', async () => {
    let attempt = 0;
    const server = await serve({
      onRcptTo: ({ address }, _session, done) => {
        if (address === 'gone@example.org') return done(refusal(550, 'gone'));
        if (address === 'bob@example.org' && attempt === 0) return done(refusal(450, 'greylisted'));
        return done();
      },
    });
    const send = sender(server, { to: ['ann@example.org', 'bob@example.org', 'gone@example.org'] });
    const first = await send(notification('a'), never);
    expect(first).toEqual({ outcome: 'failed', error: 'bob@example.org: 450 greylisted' });
    attempt = 1;
    expect(await send(notification('a'), never)).toEqual({ outcome: 'delivered' });
    expect(server.received.map(({ to }) => to)).toEqual([['ann@example.org'], ['bob@example.org']]);
  });

  it.each([
    ['says nothing', (socket: Socket) => void socket.resume()],
    [
      'drips a greeting that never ends',
      (socket: Socket) => {
        const drip = setInterval(() => socket.write('220-wait\r\n'), 20);
        socket.on('close', () => clearInterval(drip));
      },
    ],
  ])('gives up on a server that %s', async (_what, behaviour) => {
    const ended: boolean[] = [];
    const server = await listen((socket) => {
      socket.on('close', () => ended.push(true));
      behaviour(socket);
    });
    const startedAt = Date.now();
    const result = await sender(server, { timeout: '500ms' })(notification('a'), never);
    expect(result).toMatchObject({ outcome: 'failed' });
    expect(Date.now() - startedAt).toBeLessThan(10_000);
    while (ended.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('ends at once when it is cut off', async () => {
    const server = await listen(() => undefined);
    const cut = new AbortController();
    const sending = sender(server, { timeout: '60s' })(notification('a'), cut.signal);
    setTimeout(() => cut.abort(), 100);
    expect(await sending).toMatchObject({ outcome: 'failed' });
  });

  it('tells when nobody listens or the server hangs up', async () => {
    const nobody = await sender({ host: '127.0.0.1', port: 1 })(notification('a'), never);
    expect(nobody).toMatchObject({ outcome: 'failed' });
    expect(JSON.stringify(nobody)).toContain('ECONNREFUSED');
    const rude = await listen((socket) => socket.destroy());
    expect(await sender(rude)(notification('a'), never)).toMatchObject({ outcome: 'failed' });
  });
});

describe('the email sink and TLS', () => {
  it('sends nothing to a server without STARTTLS when that is required', async () => {
    const server = await serve({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    const result = await sender(server, { starttls: 'required' })(notification('a'), never);
    expect(result).toMatchObject({ outcome: 'failed' });
    expect(server.received).toEqual([]);
    expect(await sender(server, { starttls: 'offered' })(notification('a'), never)).toEqual({
      outcome: 'delivered',
    });
  });

  it.each(['required', 'offered'])('trusts no certificate that nobody vouches for: %s', async (starttls) => {
    const server = await serve();
    const result = await sender(server, { starttls })(notification('a'), never);
    expect(result).toMatchObject({ outcome: 'failed' });
    expect(JSON.stringify(result)).toMatch(/certificate|self.signed/i);
    expect(server.received).toEqual([]);
  });

  it('speaks TLS from the first byte with smtps', async () => {
    const firstBytes: number[] = [];
    const { host, port } = await listen((socket) => {
      socket.once('data', (chunk: Buffer) => {
        firstBytes.push(chunk[0] ?? 0);
        socket.destroy();
      });
    });
    const result = await sender({ host, port }, { url: `smtps://${host}:${port}` })(notification('a'), never);
    expect(result).toMatchObject({ outcome: 'failed' });
    // 22: the first byte of a TLS handshake.
    expect(firstBytes).toEqual([22]);
  });
});
